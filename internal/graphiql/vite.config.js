import { defineConfig } from 'vite'
import { errorsPage } from './build/errors.js'
import { fontFiles } from './build/fonts.js'
import { placeholder } from './build/placeholder.js'
import { rolesAndNames } from './build/roles.js'

// "use client" in a library means something to servers that render React only.
function onLog(level, log, report) {
  if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log)
}

export default defineConfig({
  base: './', // relative, so that a proxy may serve the page below a path
  oxc: { jsx: { runtime: 'automatic' } },
  plugins: [errorsPage(), fontFiles(), placeholder(), rolesAndNames()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // files can be cached, and need no data: in the policy
    chunkSizeWarningLimit: 4000, // kB before compression: Monaco is that large
    rolldownOptions: { onLog },
    license: { fileName: 'licenses.txt' },
  },
})
