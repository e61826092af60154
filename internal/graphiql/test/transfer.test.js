import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage } from './browser.js'
import { service, visit } from './visit.js'

const firstLoadBytes = 1_500_000 // without the language workers
const secondLoadBytes = 10_000

const policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'worker-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

test('the page and its workers come with the policy', () =>
  visit(async (context) => {
    const page = await openPage(context, service.GraphiQL)
    await workersLoaded(page)
    const scripts = (await page.evaluate(workerEntries)).map(({ name }) => name)
    assert.ok(scripts.length >= workers.length, `${scripts}`)
    for (const url of [service.GraphiQL, ...scripts]) {
      const { headers } = await fetch(url)
      const directives = headers.get('content-security-policy').split('; ')
      assert.deepEqual(Object.fromEntries(directives.map((d) => d.split(/ (.*)/))), policy)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
    }
  }))

test('the first load is small and the second nearly nothing', (t) =>
  visit(async (context) => {
    const first = await load(context)
    t.diagnostic(`first load: ${first.page} bytes, workers ${first.workers}, schema ${first.endpoint}`)
    const second = await load(context)
    t.diagnostic(`second load: ${second.page} bytes, workers ${second.workers}, schema ${second.endpoint}`)
    assert.ok(first.page > 100_000 && first.workers > 100_000, 'the first load was not measured')
    assert.ok(first.page + first.endpoint < firstLoadBytes)
    assert.ok(second.page > 0, 'the second load was not measured')
    assert.ok(second.page + second.workers + second.endpoint < secondLoadBytes)
  }))

const workers = ['editor.worker', 'graphql.worker', 'json.worker']

/** Waits until the page has its language workers, which come last. */
function workersLoaded(page) {
  return page.waitForFunction((names) => {
    const loaded = performance.getEntriesByType('resource').filter((entry) => entry.responseEnd > 0)
    return names.every((name) => loaded.some((entry) => entry.name.includes(name)))
  }, workers)
}

/**
 * Loads GraphiQL in a page of its own. Returns the bytes that came over the
 * network, headers included: for the page, for its workers, and from the
 * GraphQL endpoint.
 */
async function load(context) {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const requests = await follow(session)
  await page.goto(service.GraphiQL)
  await workersLoaded(page)
  await page.evaluate(() => document.fonts.ready.then(() => {}))
  await Promise.all([...requests.values()].map((request) => request.finished))
  const sum = (wanted) =>
    [...requests.values()].reduce((bytes, r) => bytes + (wanted(r.url) ? r.bytes : 0), 0)
  const isEndpoint = (url) => url.endsWith('/graphql')
  const result = {
    page: sum((url) => !isEndpoint(url)),
    endpoint: sum(isEndpoint),
    workers: (await page.evaluate(workerEntries)).reduce((bytes, { transferSize }) => bytes + transferSize, 0),
  }
  await page.close()
  return result
}

/** The requests of a page by id, as they are made; not those for workers. */
async function follow(session) {
  const requests = new Map()
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.includes('.worker-')) return // ends in the worker's session
    const entry = { url: request.url, bytes: 0 }
    entry.finished = new Promise((resolve) => (entry.finish = resolve))
    requests.set(requestId, entry)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const entry = requests.get(requestId)
    if (!entry) return
    entry.bytes = encodedDataLength
    entry.finish()
  })
  session.on('Network.loadingFailed', ({ requestId }) => requests.get(requestId)?.finish())
  await session.send('Network.enable')
  return requests
}

/** The workers' scripts: their URLs as names, and their bytes with headers. Runs in the page. */
function workerEntries() {
  return performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.includes('.worker-'))
    .map(({ name, transferSize }) => ({ name, transferSize }))
}
