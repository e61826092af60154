// Writes docs/images/graphiql.png: GraphiQL with its first example run.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { inContext, openBrowser, openPage, run } from './test/browser.js'
import { startService } from '../../test/harness/service.mjs'

const images = path.join(import.meta.dirname, '../../docs/images')

const service = await startService()
const browser = await openBrowser()
try {
  await inContext(browser, service.GraphiQL, async (context) => {
    const page = await openPage(context, service.GraphiQL)
    await run(page)
    await page.locator('.result-window .view-line', { hasText: 'totalCount' }).waitFor()
    await page.evaluate(() => document.fonts.ready.then(() => {}))
    await mkdir(images, { recursive: true })
    await page.screenshot({ path: path.join(images, 'graphiql.png') })
  })
} finally {
  await browser.close()
  await service.stop()
}
