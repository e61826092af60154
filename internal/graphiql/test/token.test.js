import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage, run, select, shows, tabs, variables } from './browser.js'
import { pageTest, service, visit } from './visit.js'

const token = 'a-token-of-a-person'

const tokenTest = (name, check) =>
  pageTest(name, check, (context) => {
    const sent = []
    context.on('request', (request) => sent.push(request))
    return sent
  })

const field = (page) => page.getByLabel('Token')

/** Whatever the browser keeps for the page, as one text. */
const kept = (page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases()
    const caches = await self.caches.keys()
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, caches, document.cookie])
  })

/** Waits until GraphiQL has stored its tabs, which it does half a second late. */
const tabsStored = (page) => page.waitForFunction(() => localStorage.getItem('graphiql:tabState') !== null)

tokenTest('all tabs send the one token', async (page) => {
  await field(page).fill(token)
  for (const name of ['SearchByPhone', 'CountsByStatus']) {
    await select(page, name)
    const { request } = await run(page)
    assert.equal(await request.headerValue('authorization'), `Bearer ${token}`)
  }
})

for (const pasted of [`Bearer ${token}`, `Authorization: bearer  ${token} `, ` ${token}\t`]) {
  tokenTest(`"${pasted}" is sent as the token alone`, async (page) => {
    await field(page).fill(pasted)
    const { request } = await run(page)
    assert.equal(await request.headerValue('authorization'), `Bearer ${token}`)
  })
}

tokenTest('without a token no request has credentials', async (page, context, sent) => {
  await run(page)
  const schema = page.waitForResponse(/schema\.graphqls$/)
  await page.getByRole('button', { name: /^Re-fetch GraphQL schema/ }).click()
  await schema
  const headers = sent.map((request) => request.headers()) // headerValue waits for what never comes of a worker's
  assert.ok(headers.length > 3)
  assert.deepEqual(headers.filter(({ authorization }) => authorization), [])
})

tokenTest('a token is in memory alone: nothing is kept, and a reload forgets it', async (page) => {
  await field(page).fill(token)
  await run(page)
  await page.getByRole('button', { name: 'Show History' }).click()
  await page.locator('.graphiql-history-item').getByText('SearchByPhone').first().waitFor()
  await tabsStored(page)
  assert.ok(!(await kept(page)).includes(token))
  await page.reload()
  await shows(page, variables, '"phone"')
  assert.equal(await field(page).inputValue(), '')
  await page.locator('.graphiql-history-item').getByText('SearchByPhone').first().click()
  const { request } = await run(page)
  assert.equal(await request.headerValue('authorization'), null)
  assert.ok(!(await kept(page)).includes(token))
})

/** What an earlier version of the page kept after an operation with a token. */
function keepTokens(token) {
  const headers = JSON.stringify({ Authorization: `Bearer ${token}` })
  const query = 'query Old { labels { id } }'
  const variables = '{"headers": "of the user"}'
  const item = { query, variables, headers, operationName: 'Old' }
  const tab = { ...item, id: '1', title: 'Old', hash: `${query}|${variables}|${headers}`, response: null }
  localStorage.setItem('graphiql:headers', headers)
  localStorage.setItem('graphiql:shouldPersistHeaders', 'true')
  localStorage.setItem('graphiql:queries', JSON.stringify({ queries: [item] }))
  localStorage.setItem('graphiql:favorites', JSON.stringify({ favorites: [{ ...item, favorite: true }] }))
  localStorage.setItem('graphiql:tabState', JSON.stringify({ tabs: [tab], activeTabIndex: 0 }))
  localStorage.setItem('graphiql:query', query)
  localStorage.setItem('graphiql:variables', variables)
}

test('the tokens that an earlier version kept are removed, and the rest stays', () =>
  visit(async (context) => {
    const old = await context.newPage()
    await old.goto(`${service.GraphiQL}errors.html`) // of the same origin, without GraphiQL
    await old.evaluate(keepTokens, token)
    const page = await openPage(context, service.GraphiQL)
    assert.ok(!(await kept(page)).includes(token))
    assert.deepEqual(await tabs(page).allInnerTexts(), ['Old'])
    await shows(page, variables, '"of the user"')
    await page.getByRole('button', { name: 'Show History' }).click()
    assert.equal(await page.locator('.graphiql-history-item').count(), 2)
    await page.locator('.graphiql-history-item').last().click()
    const { request } = await run(page)
    assert.equal(await request.headerValue('authorization'), null)
    assert.ok(!(await kept(page)).includes(token))
  }))

test('text that is no JSON is removed, since a token may be in it', () =>
  visit(async (context) => {
    const old = await context.newPage()
    await old.goto(`${service.GraphiQL}errors.html`)
    await old.evaluate((token) => localStorage.setItem('graphiql:queries', `{"headers": "${token}`), token)
    const page = await openPage(context, service.GraphiQL)
    assert.ok(!(await kept(page)).includes(token))
  }))
