/**
 * A Vite plugin that puts fonts which style sheets hold as data: URLs into
 * files of their own. The browser then loads only those whose unicode-range
 * the page needs, and the Content-Security-Policy can do without data: fonts.
 */
export function fontFiles() {
  return {
    name: 'font-files',
    generateBundle(_options, bundle) {
      for (const sheet of Object.values(bundle)) {
        if (sheet.type !== 'asset' || !sheet.fileName.endsWith('.css')) continue
        sheet.source = String(sheet.source).replace(dataFont, (_url, format, base64) => {
          const source = Buffer.from(base64, 'base64')
          const file = this.emitFile({ type: 'asset', name: `font.${format}`, source })
          // Style sheets and fonts are in one folder.
          return `url(./${this.getFileName(file).split('/').at(-1)})`
        })
      }
    },
  }
}

const dataFont = /url\(["']?data:font\/(\w+);base64,([^)"']+)["']?\)/g
