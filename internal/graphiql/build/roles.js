/**
 * A Vite plugin that mends what assistive technology can't use in GraphiQL.
 *
 *   - A tab may hold no buttons, but GraphiQL's hold two, and neither is found. Without
 *     the roles, what is left is a list of buttons, one of which is current.
 *   - Every entry of the history is called "Set active". It is called by its text.
 */
export function rolesAndNames() {
  return { name: 'roles-and-names', enforce: 'pre', transform }
}

/** What is replaced, by the end of the module's name. */
const replacements = {
  '@graphiql/react/dist/components/tabs/index.js': [
    ['"aria-selected": isActive,', ''],
    ['role: "tab",', ''],
    ['role: "tablist",', ''],
  ],
  '@graphiql/plugin-history/dist/components.js': [['"aria-label": "Set active",', '']],
  'graphiql/dist/GraphiQL.js': [
    ['"aria-controls": "graphiql-session",', '$& "aria-current": index_1 === activeTabIndex,'],
  ],
}

function transform(code, id) {
  const module = Object.keys(replacements).find((name) => id.endsWith(`/node_modules/${name}`))
  for (const [found, put] of replacements[module] ?? []) {
    if (!code.includes(found)) this.error(`${module} has no ${found}`)
    code = code.replace(found, put)
  }
  return code
}
