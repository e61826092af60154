// Writes docs/images/graphiql*.png: GraphiQL with its first example run, wide with the
// query builder, dark with the docs, and on a phone.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { answer, inContext, openBrowser, openPage, run, shows } from './test/browser.js'
import { startService } from '../../test/harness/service.mjs'

const images = path.join(import.meta.dirname, '../../docs/images')
const wide = { width: 1440, height: 900 }

const show = (page, panel) => page.getByRole('button', { name: `Show ${panel}` }).click()

const pictures = {
  'graphiql.png': { viewport: wide, colorScheme: 'light', open: (page) => show(page, 'Query Builder') },
  'graphiql-dark.png': {
    viewport: wide,
    colorScheme: 'dark',
    open: async (page) => {
      await show(page, 'Documentation Explorer')
      await page.getByRole('link', { name: 'Query', exact: true }).click()
    },
  },
  'graphiql-phone.png': { viewport: { width: 390, height: 844 }, colorScheme: 'light', open: () => {} },
}

const service = await startService()
const browser = await openBrowser()
try {
  await mkdir(images, { recursive: true })
  for (const [name, { viewport, colorScheme, open }] of Object.entries(pictures)) {
    await inContext(browser, service.GraphiQL, async (context) => {
      const page = await openPage(context, service.GraphiQL)
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await open(page)
      await run(page)
      await shows(page, answer, 'totalCount')
      await page.mouse.move(0, 0)
      await page.evaluate(() => document.fonts.ready.then(() => {}))
      await page.screenshot({ path: path.join(images, name), animations: 'disabled' })
    })
  }
} finally {
  await browser.close()
  await service.stop()
}
