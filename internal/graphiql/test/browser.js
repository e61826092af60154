import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import axe from 'axe-core'
import { chromium } from 'playwright-core'

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // no other host is there
]

/** Starts Debian's Chromium, or CHROMIUM, with a fresh profile. */
export function openBrowser() {
  const executablePath =
    process.env.CHROMIUM || execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  const root = process.getuid() === 0 // whom Chromium grants no sandbox
  return chromium.launch({ executablePath, args: root ? [...flags, '--no-sandbox'] : flags })
}

/**
 * Opens a context that has no history. Closing it fails if in it a page asked
 * another host for anything or had anything to complain of on the console, such
 * as a violation of its Content-Security-Policy.
 */
export async function openContext(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(300_000) // a busy machine takes its time
  const complaints = watch(context, new URL(url).host)
  const close = async () => {
    await context.close()
    assert.deepEqual(complaints, [])
  }
  return { context, close }
}

/** Runs use with a context, and closes it. */
export async function inContext(browser, url, use) {
  const { context, close } = await openContext(browser, url)
  try {
    await use(context)
  } catch (error) {
    await context.close()
    throw error
  }
  await close()
}

/** What goes wrong in a context, as it does. */
function watch(context, host) {
  const complaints = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.host !== host && !['data:', 'blob:'].includes(url.protocol)) {
      complaints.push(`foreign host: ${request.url()}`)
    }
  })
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()}`)
    }
  })
  context.on('weberror', (webError) => complaints.push(`uncaught: ${webError.error()}`))
  return complaints
}

/** Opens GraphiQL, and waits until it can run operations. */
export async function openPage(context, url) {
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  return page
}

export const query = '.graphiql-query-editor'
export const variables = 'section[aria-label="Variables"]'
export const answer = '.result-window'

/** Waits until a pane, an editor, shows a text. */
export const shows = (page, pane, text) =>
  page.locator(pane).locator('.view-line', { hasText: text }).first().waitFor()

/** Puts a text in place of what a pane holds. Typing it would add closing brackets. */
export async function write(page, pane, text) {
  await page.locator(pane).evaluate((element, text) => {
    const editors = globalThis.__MONACO.editor.getEditors() // GraphiQL's name for Monaco
    editors.find((editor) => element.contains(editor.getContainerDomNode())).setValue(text)
  }, text)
  // GraphiQL reads and stores an operation a moment later.
  if (pane === query) await page.waitForFunction((text) => (localStorage.getItem('graphiql:query') ?? '') === text, text)
}

/** The buttons that go to a tab. */
export const tabs = (page) => page.locator('.graphiql-tab-button')

/** Goes to a tab. */
export async function select(page, name) {
  await tabs(page).filter({ hasText: name }).click()
  // Runs in the page: GraphiQL reads a tab's operation a moment after it shows it,
  // and stores it then.
  await page.waitForFunction((name) => new RegExp(`^\\w+ ${name}\\b`, 'm').test(localStorage.getItem('graphiql:query')), name)
}

/** Presses the run button; what was sent and what came back. */
export async function run(page) {
  const answered = page.waitForResponse((response) => isOperation(response.request()))
  await page.getByRole('button', { name: 'Execute query' }).click()
  const response = await answered
  const text = await response.text()
  return { request: response.request(), status: response.status(), body: JSON.parse(text), size: Buffer.byteLength(text) }
}

/** Whether a request is an operation of the user's, not GraphiQL's own. */
function isOperation(request) {
  return request.url().endsWith('/graphql') && request.postDataJSON().operationName !== 'IntrospectionQuery'
}

/** What axe finds with all its rules, on all elements of the page. */
export async function violations(page) {
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    await document.fonts.ready
    // The editors lay themselves out in the frame after the one in which their size has changed.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))
    return axe.run()
  })
  assert.ok(found.passes.length > 20, 'axe looked at nothing')
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`))
}
