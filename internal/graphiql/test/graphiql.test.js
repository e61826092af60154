import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startService } from '../../../test/harness/service.mjs'
import { answer, openContext, openPage, query, run, select, shows, tabs, variables, write } from './browser.js'
import { browser, pageTest, service, visit } from './visit.js'

const queryNames = ['SearchByPhone', 'PendingOfAccount', 'NextPage', 'CountsByStatus']
const tabNames = [...queryNames, 'LiveFeed']

async function readDocs(page) {
  const docs = page.locator('.graphiql-doc-explorer')
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
  await docs.getByRole('link', { name: 'Query', exact: true }).click()
  await docs.getByRole('link', { name: 'searchChats' }).click()
  await docs.getByText('a connection of the Relay Cursor Connections Specification').waitFor()
}

// One page for all of them: to load it takes longer than they do.
describe('the first visit', () => {
  let first, page

  before(async () => {
    first = await openContext(browser, service.GraphiQL)
    page = await openPage(first.context, service.GraphiQL)
  })

  after(() => first.close())

  test('opens the examples as tabs', async () => {
    assert.deepEqual(await tabs(page).allInnerTexts(), tabNames)
    await shows(page, query, 'query SearchByPhone')
    await shows(page, variables, '"phone": "0520000"')
  })

  test('shows the chats of the first example', async () => {
    const { body } = await run(page)
    assert.notEqual(body.data.searchChats.nodes.length, 0)
    await shows(page, answer, body.data.searchChats.nodes[0].id)
  })

  for (const name of queryNames) {
    test(`gets an answer to example ${name}`, async () => {
      await select(page, name)
      const { request, status, body } = await run(page)
      assert.equal(status, 200)
      assert.equal(request.postDataJSON().operationName, name)
      assert.equal(body.errors, undefined)
      const counts = Object.values(body.data).map((connection) => connection.totalCount)
      assert.ok(counts.every((count) => count > 0), `counts: ${counts}`)
      await shows(page, answer, `"totalCount": ${counts[0]}`)
    })
  }

  test('finds searchChats in the docs', () => readDocs(page))

  test('lists in the history what ran', async () => {
    await select(page, 'SearchByPhone')
    await run(page)
    await page.getByRole('button', { name: 'Show History' }).click()
    await page.locator('.graphiql-history-item').getByText('SearchByPhone').first().waitFor()
  })

  test('underlines what is not in the schema', async () => {
    await select(page, 'SearchByPhone')
    await page.locator(query).locator('.view-line', { hasText: 'lastMessageAt' }).click()
    await page.keyboard.press('End')
    await page.keyboard.type('X')
    await page.locator(query).locator('.squiggly-error').first().waitFor()
  })

  test('lays out the query by prettify', async () => {
    await write(page, query, 'query   Laid  { searchChats(first:   1) { totalCount } }')
    await page.getByRole('button', { name: /^Prettify query/ }).click()
    await shows(page, query, /^query.Laid.\{$/)
  })
})

test('the example of the live feed follows a list until it is stopped', async () => {
  const living = await startService({ env: { SANDBOX_TRAFFIC: '200ms' } })
  try {
    await visit(async (context) => {
      const page = await openPage(context, living.GraphiQL)
      await page.getByLabel('Token').fill('T')
      await select(page, 'LiveFeed')
      const sent = page.waitForRequest((request) => request.headers().accept === 'text/event-stream')
      await page.getByRole('button', { name: 'Execute query' }).click()
      const request = await sent
      assert.equal(request.postDataJSON().operationName, 'LiveFeed')
      assert.equal(await request.headerValue('authorization'), 'Bearer T')
      await page.locator('.graphiql-footer').getByText(/^event [3-9]$/).waitFor()
      await shows(page, answer, /"__typename":."Chat(Entered|Updated|Left)"/)
      const failed = page.waitForEvent('requestfailed')
      await page.getByRole('button', { name: 'Stop query' }).click()
      assert.equal((await failed).failure().errorText, 'net::ERR_ABORTED')
      await page.getByRole('button', { name: 'Execute query' }).waitFor()
    }, living)
  } finally {
    await living.stop()
  }
})

test('the docs are there before a token is, where each caller needs one', async () => {
  const strict = await startService({ flags: ['-texter-url', 'http://127.0.0.1:9/'] })
  try {
    await visit(async (context) => readDocs(await openPage(context, strict.GraphiQL)), strict)
  } finally {
    await strict.stop()
  }
})

pageTest('dark mode turns on and off, and is kept', async (page) => {
  const dark = () => page.locator('body.graphiql-dark')
  const light = () => page.locator('body.graphiql-light')
  await page.getByRole('button', { name: 'Open settings dialog' }).click()
  await page.getByRole('button', { name: 'Dark', exact: true }).click()
  await dark().waitFor()
  await page.getByRole('button', { name: 'Light', exact: true }).click()
  await light().waitFor()
  await page.getByRole('button', { name: 'Dark', exact: true }).click()
  await page.reload()
  await dark().waitFor()
})

pageTest('a second visit has the tabs and variables of the first', async (page) => {
  await kept(page, 5)
  await page.reload()
  await shows(page, variables, '"phone": "0520000"')
  await page.getByRole('button', { name: 'Close Tab' }).click() // of the active tab
  await kept(page, 4)
  await page.reload()
  await shows(page, variables, '"accountId": "97230000001"')
  assert.deepEqual(await tabs(page).allInnerTexts(), tabNames.slice(1))
})

/**
 * Waits until the browser has stored so many tabs, and the editors with the content of
 * the active one: GraphiQL stores both, one after the other, and makes another tab of
 * editors that no tab is like.
 */
const kept = (page, count) =>
  page.waitForFunction((count) => {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState')) ?? { tabs: [] }
    const active = tabs[activeTabIndex]
    return tabs.length === count && ['query', 'variables'].every((name) => (active[name] ?? '') === (localStorage.getItem(`graphiql:${name}`) ?? ''))
  }, count)
