import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { openPage, query, run, select, shows, tabs, variables, write } from './browser.js'
import { pageTest, service, visit } from './visit.js'

const token = 'a-token-of-a-person'

const shareTest = (name, check) =>
  pageTest(
    name,
    async (page, context) => {
      await page.getByLabel('Token').fill(token)
      await check(page, context)
    },
    (context) => context.grantPermissions(['clipboard-read', 'clipboard-write']),
  )

/** An operation with what shells, JSON and template literals have to escape. */
const quoted = `# It's \`\${quoted}\` "here" & $HOME
query Quoted($phone: String!) {
  searchChats(filter: { search: $phone }, first: 1) { totalCount nodes { id } }
  none: searchChats(filter: { search: "it's \\u05db\\\\ \`\${x}" }) { totalCount }
}`
const values = { phone: `כהן` }

async function writeOperation(page, document) {
  await write(page, query, document)
  await write(page, variables, `${JSON.stringify(values)} // a comment`)
}

async function clipboardAfter(page, notice, click) {
  await click()
  await page.locator('.graphiql-footer').getByText(notice).waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

const copyLink = (page) =>
  clipboardAfter(page, 'Link copied', () => page.getByRole('button', { name: 'Copy link to this operation' }).click())

const copyAs = (page, name) =>
  clipboardAfter(page, `Copied as ${name}`, async () => {
    await page.getByRole('button', { name: 'Copy as…' }).click()
    await page.getByRole('group', { name: 'Copy as' }).getByRole('button', { name }).click()
  })

shareTest('a link opens the operation in a tab of another browser, and runs nothing', async (page) => {
  await writeOperation(page, quoted)
  const link = await copyLink(page)
  assert.equal(await page.evaluate(() => location.href), link)
  assert.ok(link.startsWith(`${service.GraphiQL}#`), link)
  assert.ok(!link.includes(token))
  await write(page, query, `${quoted} # goes on`)
  assert.equal(await tabs(page).count(), 5, 'who copies a link stays in the tab')
  await visit(async (context) => {
    const sent = []
    context.on('request', (request) => sent.push(request.url()))
    const other = await openPage(context, link)
    await shows(other, query, 'query Quoted')
    await shows(other, variables, 'כהן')
    assert.equal((await tabs(other).allInnerTexts()).length, 6)
    assert.deepEqual(sent.filter((url) => url.endsWith('/graphql') || url.includes('Quoted')), [])
    assert.equal(new URL(other.url()).hash, '')
    const { request } = await run(other)
    const posted = request.postDataJSON()
    assert.deepEqual([posted.query, posted.variables], [quoted, values])
  })
})

shareTest('a link that is pasted into the open page opens a tab once, and keeps the token', async (page) => {
  const link = `${service.GraphiQL}#query=${encodeURIComponent('{ labels { id } }')}`
  for (let times = 0; times < 2; times++) {
    await page.evaluate((link) => (location.href = link), link)
    await page.waitForURL(service.GraphiQL)
    await shows(page, query, /\{.labels/)
    await page.waitForFunction(() => localStorage.getItem('graphiql:query') === '{ labels { id } }')
    assert.equal(await tabs(page).count(), 6)
  }
  const { request } = await run(page)
  assert.equal(await request.headerValue('authorization'), `Bearer ${token}`)
})

/** Runs a snippet of JavaScript with what it takes from its surroundings. */
function execute(snippet, returned, surroundings) {
  const body = snippet.replace(/^import .*$/m, '')
  const AsyncFunction = (async () => {}).constructor
  return new AsyncFunction(...Object.keys(surroundings), `${body}; return ${returned}`)(...Object.values(surroundings))
}

const withOperation = (name) => async (page) => {
  await writeOperation(page, `${quoted}\nquery Other { labels { id } }`)
  const snippet = await copyAs(page, name)
  assert.ok(!snippet.includes(token), snippet)
  assert.ok(!snippet.includes('Other'), snippet)
  return snippet
}

/** What the operation returns; its text must have survived. */
function assertAnswer({ data, errors }) {
  assert.equal(errors, undefined)
  assert.ok(data.searchChats.totalCount > 0)
  assert.deepEqual(data.none, { totalCount: 0 })
}

/** Sends a document to the service, as the client of a snippet would. */
async function send(query, variables) {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(service.GraphQL, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  return response.json()
}

shareTest('copied as curl, the operation runs in a shell, with the token of the shell', async (page) => {
  const snippet = await withOperation('curl')(page)
  assert.match(snippet, /"Authorization: Bearer \$TOKEN"/)
  const printed = execFileSync('sh', ['-c', snippet], { env: { ...process.env, TOKEN: 'T' }, stdio: ['ignore', 'pipe', 'ignore'] })
  assertAnswer(JSON.parse(printed))
})

shareTest('copied as fetch, the operation runs in JavaScript', async (page) => {
  const snippet = await withOperation('fetch')(page)
  assertAnswer(await execute(snippet, '{ data, errors }', { token: 'T' }))
})

shareTest('copied for Apollo, the operation is one document', async (page) => {
  const snippet = await withOperation('Apollo')(page)
  const client = { query: ({ query, variables }) => send(query, variables) }
  assertAnswer({ data: await execute(snippet, 'data', { client, gql: (cooked) => cooked[0] }) })
})

shareTest('copied for Relay, the operation is in the literal as relay-compiler reads it', async (page) => {
  await write(page, query, "query SearchQuery($phone: String!) {\n  searchChats(filter: { search: $phone }) { totalCount }\n  none: searchChats(filter: { search: \"it's \\u05db\\\\\" }) { totalCount }\n}")
  await write(page, variables, JSON.stringify(values))
  const snippet = await copyAs(page, 'Relay')
  const fetchQuery = (_environment, query, variables) => ({ toPromise: async () => (await send(query, variables)).data })
  assertAnswer({ data: await execute(snippet, 'data', { fetchQuery, environment: {}, graphql: ({ raw }) => raw[0] }) })
})

shareTest('a subscription is copied as one', async (page) => {
  await select(page, 'LiveFeed')
  const curl = await copyAs(page, 'curl')
  const first = execFileSync('sh', ['-c', `${curl.trim()} | head -n 2`], { env: { ...process.env, TOKEN: 'T' }, stdio: ['ignore', 'pipe', 'ignore'] })
  assert.match(first.toString(), /^event: next\ndata: \{"data":\{"chatsChanged":/)
  assert.match(await copyAs(page, 'fetch'), /Accept: "text\/event-stream"/)
  assert.match(await copyAs(page, 'Relay'), /requestSubscription\(/)
  assert.match(await copyAs(page, 'Apollo'), /client\.subscribe\(/)
})

shareTest('variables that are no JSON are not copied, and the page says so', async (page) => {
  await write(page, variables, '{"phone": }')
  await page.getByRole('button', { name: 'Copy as…' }).click()
  await page.getByRole('group', { name: 'Copy as' }).getByRole('button', { name: 'curl' }).click()
  await page.locator('.graphiql-footer').getByText('Not copied. Variables are invalid JSON').waitFor()
})

shareTest('the schema can be downloaded', async (page) => {
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download the schema' }).click()
  const download = await downloading
  assert.equal(download.suggestedFilename(), 'schema.graphqls')
  const schema = readFileSync(path.join(import.meta.dirname, '../../../schema.graphqls'), 'utf8')
  assert.equal(readFileSync(await download.path(), 'utf8'), schema)
})
