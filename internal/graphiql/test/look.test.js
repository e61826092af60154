import assert from 'node:assert/strict'
import { answer, query, run, select, shows, variables, violations, write } from './browser.js'
import { pageTest, service } from './visit.js'

async function chooseTheme(page, theme) {
  await page.getByRole('button', { name: 'Open settings dialog' }).click()
  await page.getByRole('button', { name: theme, exact: true }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

async function openDocs(page) {
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
  await page.getByRole('link', { name: 'Query', exact: true }).click()
  await page.getByRole('link', { name: 'searchChats' }).waitFor()
}

/** Runs an operation whose answer has data and an error. */
async function runWithError(page) {
  await write(page, query, '{ searchChats(first: 3) { nodes { name unreadCount } } broken: searchChats(after: "no cursor") { totalCount } }')
  const { body } = await run(page)
  assert.equal(body.errors[0].extensions.code, 'CURSOR_INVALID')
  await page.getByRole('link', { name: 'CURSOR_INVALID' }).waitFor()
}

for (const theme of ['Light', 'Dark']) {
  pageTest(`axe finds nothing in the theme ${theme}: wide and narrow, in both directions, with docs`, async (page) => {
    await chooseTheme(page, theme)
    await runWithError(page)
    for (const open of [() => {}, openDocs]) {
      await page.setViewportSize({ width: 1280, height: 844 })
      await open(page)
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 })
        for (const dir of ['ltr', 'rtl']) {
          await page.evaluate((dir) => (document.documentElement.dir = dir), dir)
          assert.deepEqual(await violations(page), [], `${width} ${dir} ${open.name}`)
        }
      }
    }
  })
}

/** What opens over the page or beside it, and how. */
const menus = {
  async history(page) {
    await page.getByRole('button', { name: 'Show History' }).click()
    await page.locator('.graphiql-history-item').first().waitFor()
    return () => page.getByRole('button', { name: 'Hide History' }).click()
  },
  async settings(page) {
    await page.getByRole('button', { name: 'Open settings dialog' }).click()
    await page.getByRole('dialog').waitFor()
    return () => page.keyboard.press('Escape')
  },
  async 'copy as'(page) {
    await page.getByRole('button', { name: 'Copy as…' }).click()
    await page.getByRole('group', { name: 'Copy as' }).waitFor()
    return () => page.keyboard.press('Escape')
  },
}

for (const theme of ['Light', 'Dark']) {
  pageTest(`axe finds nothing in the menus of the theme ${theme}: wide and narrow, in both directions`, async (page) => {
    await chooseTheme(page, theme)
    await run(page) // for the history
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 })
      for (const dir of ['ltr', 'rtl']) {
        await page.evaluate((dir) => (document.documentElement.dir = dir), dir)
        for (const [name, open] of Object.entries(menus)) {
          const close = await open(page)
          assert.deepEqual(await violations(page), [], `${name} ${width} ${dir}`)
          await close()
        }
      }
    }
  })
}

pageTest('on a narrow screen the answer has the whole width and stands below the operation', async (page) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const { body } = await run(page)
  await shows(page, answer, body.data.searchChats.nodes[0].id)
  const answerBox = await page.locator(answer).boundingBox()
  const queryBox = await page.locator(query).boundingBox()
  assert.ok(answerBox.width > 340 && answerBox.height > 200, JSON.stringify(answerBox))
  assert.ok(queryBox.width > 340 && queryBox.height > 150, JSON.stringify(queryBox))
  assert.ok(answerBox.y >= queryBox.y + queryBox.height)
  assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth))
  await shows(page, answer, /"[0-9a-f]{24}"/) // in one line, not one letter a line
})

pageTest('a long line of the operation is wrapped', async (page) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await write(page, query, `query Long { ${'searchChats(first: 1) { totalCount } '.repeat(9)} }`)
  await page.waitForFunction((query) => document.querySelectorAll(`${query} .view-line`).length > 3, query)
})

/**
 * The texts that each editor marks as suspicious, once each has marked one: the marks
 * come from a worker, all of an editor at once. Runs in the page.
 */
function suspicious() {
  const texts = globalThis.__MONACO.editor.getEditors().map((editor) => {
    const model = editor.getModel()
    const marks = model.getAllDecorations().filter(({ options }) => options.description === 'unicode-highlight')
    return marks.map(({ range }) => model.getValueInRange(range)).join()
  })
  return texts.every(Boolean) && texts
}

pageTest('Hebrew letters are not marked as suspicious, what nobody can see is', async (page) => {
  for (const pane of [query, variables, answer]) await write(page, pane, 'ס ו-5 ן כהן סתיו\n a\u200bb')
  const marked = await page.waitForFunction(suspicious)
  assert.deepEqual(await marked.jsonValue(), ['\u200b', '\u200b', '\u200b'])
})

pageTest('time, size and cost of the answer are below it, for each tab', async (page) => {
  const footer = page.locator('.graphiql-footer')
  const { status, body, size } = await run(page)
  await footer.getByText(`HTTP ${status}`).waitFor()
  await footer.getByText(/^\d+ ms$/).waitFor()
  await footer.getByText(`${Number((size / 1000).toPrecision(3))} kB`).waitFor()
  await footer.getByText(`cost ${body.extensions.cost.requested}`).waitFor()
  await select(page, 'NextPage')
  await footer.getByText('HTTP').waitFor({ state: 'detached' })
  await select(page, 'SearchByPhone')
  await footer.getByText(`HTTP ${status}`).waitFor()
})

pageTest('an error code links to its row of the page of errors, which the program serves itself', async (page, context) => {
  await runWithError(page)
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: 'CURSOR_INVALID' }).click()
  const errors = await opened
  assert.equal(errors.url(), `${service.GraphiQL}errors.html#CURSOR_INVALID`)
  await errors.locator('tr:has(:target)').getByText('read the first page again').waitFor()
  for (const colorScheme of ['light', 'dark']) {
    await errors.emulateMedia({ colorScheme })
    assert.deepEqual(await violations(errors), [])
  }
  await errors.setViewportSize({ width: 390, height: 844 })
  assert.ok(await errors.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth))
  assert.deepEqual(await violations(errors), [])
})

pageTest('a stopped operation is aborted', async (page) => {
  await page.route(/\/graphql$/, () => {}) // never answered
  const sent = page.waitForRequest(/\/graphql$/)
  await page.getByRole('button', { name: 'Execute query' }).click()
  const failed = page.waitForEvent('requestfailed')
  await sent
  await page.getByRole('button', { name: 'Stop query' }).click()
  assert.equal((await failed).failure().errorText, 'net::ERR_ABORTED')
})
