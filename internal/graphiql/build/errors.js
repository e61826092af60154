import { readFileSync } from 'node:fs'
import path from 'node:path'
import MarkdownIt from 'markdown-it'

const source = path.join(import.meta.dirname, '../../../docs/errors.md')

/**
 * A Vite plugin that makes errors.html of docs/errors.md, so that the program has
 * the page to which error codes link. errors.html#CODE is the row of a code.
 */
export function errorsPage() {
  return {
    name: 'errors-page',
    buildStart() {
      this.addWatchFile(source)
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'errors.html', source: page(readFileSync(source, 'utf8')) })
    },
  }
}

/** Links to other pages of the documentation lead nowhere here: their text stays. */
const linkElsewhere = /\[([^\]]*)\]\((?!#|https:)[^)]*\)/g
const firstCell = /<tr>\n<td>.*?<\/td>/g
const code = /<code>([A-Z_]+)<\/code>/g
const heading = /<h2>(.*?)<\/h2>/g

function page(markdown) {
  const body = new MarkdownIt()
    .render(markdown.replace(linkElsewhere, '$1'))
    .replace(firstCell, (cell) => cell.replace(code, '<code id="$1">$1</code>'))
    .replace(heading, (_all, text) => `<h2 id="${text.toLowerCase()}">${text}</h2>`)
    .replaceAll('<table>', '<div class="table" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors · texter-graphql</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${body}</main>
</body>
</html>
`
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d9dde5, #38435a); --accent: light-dark(#b5047a, #ff8ab5) }
body { max-width: 60rem; margin: 2rem auto 50vh; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif;
  background: light-dark(#fff, #212a3b); color: light-dark(#3b4b68, #dfe4ee) }
a { color: var(--accent) }
code { font: .9em/1.6 ui-monospace, monospace; overflow-wrap: anywhere }
td:first-child code { white-space: nowrap }
.table { overflow-x: auto }
table { border-collapse: collapse }
th, td { padding: .5rem .75rem; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top }
tr:has(:target) { background: light-dark(#fff3c4, #4a4322) }
@media (max-width: 40rem) {
  tr, td { display: block } thead { display: none } td { padding: .25rem 0 } td:not(:last-child) { border: 0 }
}
`
