// What each file of tests begins with: the service, and a browser that opens its GraphiQL.
import { after, test } from 'node:test'
import { startService } from '../../../test/harness/service.mjs'
import { inContext, openBrowser, openPage } from './browser.js'

export const service = await startService()
export const browser = await openBrowser()

after(async () => {
  await browser.close()
  await service.stop()
})

/** Runs use with a context that has no history, and closes it. */
export const visit = (use, { GraphiQL } = service) => inContext(browser, GraphiQL, use)

/** Tests a page that has no history. prepare gets the context before the page is opened; check gets its result. */
export const pageTest = (name, check, prepare = () => {}) =>
  test(name, () =>
    visit(async (context) => {
      const prepared = await prepare(context)
      await check(await openPage(context, service.GraphiQL), context, prepared)
    }),
  )
