import assert from 'node:assert/strict'
import { query, run, select, variables, violations, write } from './browser.js'
import { pageTest } from './visit.js'

const builder = (page) => page.getByRole('region', { name: 'Query Builder' })

const builderTest = (name, check) =>
  pageTest(name, async (page) => {
    await page.getByRole('button', { name: 'Show Query Builder' }).click()
    await builder(page).getByRole('checkbox').first().waitFor()
    await check(page, builder(page))
  })

const operation = (page) =>
  page.evaluate(() => globalThis.__MONACO.editor.getEditors()[0].getModel().getValue())

builderTest('an operation is built by clicks alone, and runs', async (page, tree) => {
  await write(page, query, '')
  await write(page, variables, '')
  await tree.getByRole('checkbox', { name: 'searchChats' }).check()
  await tree.getByRole('checkbox', { name: 'nodes' }).check()
  await tree.getByRole('checkbox', { name: 'unreadCount' }).check()
  await tree.getByRole('checkbox', { name: 'first:' }).check()
  await tree.getByRole('textbox', { name: 'first' }).fill('3')
  await tree.getByRole('checkbox', { name: 'filter:' }).check()
  await tree.getByRole('checkbox', { name: 'statuses:' }).check()
  await tree.getByRole('textbox', { name: 'statuses' }).fill('[PENDING]')
  await tree.getByRole('checkbox', { name: 'showNoMessages:' }).check()
  await tree.getByRole('combobox', { name: 'showNoMessages' }).selectOption('false')
  await page.waitForFunction(() => localStorage.getItem('graphiql:query')?.includes('showNoMessages: false'))
  const { request, body } = await run(page)
  assert.equal(
    request.postDataJSON().query.replace(/\s+/g, ' '),
    'query { searchChats(first: 3, filter: { statuses: [PENDING], showNoMessages: false }) { totalCount nodes { id unreadCount } } }',
  )
  assert.equal(body.errors, undefined)
  assert.equal(body.data.searchChats.nodes.length, 3)
})

builderTest('a click keeps comments and layout, and can be undone', async (page, tree) => {
  const before = await operation(page)
  await tree.getByRole('checkbox', { name: 'accountId' }).uncheck()
  assert.equal(await operation(page), before.replace('        accountId\n', ''))
  await tree.getByRole('checkbox', { name: 'title' }).check()
  assert.equal(await operation(page), before.replace('        accountId\n      }\n', '      }\n      title\n'))
  await page.locator(query).locator('.view-line').first().click()
  await page.keyboard.press('ControlOrMeta+z')
  await page.keyboard.press('ControlOrMeta+z')
  assert.equal(await operation(page), before)
})

builderTest('the tree is that of the tab, and says if there is a syntax error', async (page, tree) => {
  await select(page, 'CountsByStatus')
  await tree.getByText('PENDING').or(tree.getByRole('textbox', { name: 'statuses' })).first().waitFor()
  await write(page, query, '{ searchChats(')
  await tree.getByText('The operation has a syntax error.').waitFor()
})

builderTest('a value that is not finished is not put into the operation', async (page, tree) => {
  const value = tree.getByRole('textbox', { name: 'first', exact: true })
  await value.fill('"open')
  assert.equal(await value.getAttribute('aria-invalid'), 'true')
  assert.match(await operation(page), /first: 10\)/)
  await value.fill('25')
  assert.match(await operation(page), /first: 25\)/)
})

builderTest('the keyboard alone builds an operation', async (page, tree) => {
  await tree.getByRole('checkbox', { name: 'pageInfo' }).focus()
  await page.keyboard.press('Space')
  assert.match(await operation(page), /pageInfo \{ hasPreviousPage \}/)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  assert.match(await operation(page), /pageInfo \{ hasPreviousPage hasNextPage \}/)
})

builderTest('axe finds nothing while it is open', async (page) => {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 })
      assert.deepEqual(await violations(page), [], `${colorScheme} ${width}`)
    }
  }
})
