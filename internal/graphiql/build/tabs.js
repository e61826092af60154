/**
 * A Vite plugin that takes the roles of tabs from GraphiQL's list of tabs. A tab may
 * hold no buttons, but GraphiQL's hold two: assistive technology then finds neither.
 * What is left is a list of buttons, one of which is current.
 */
export function tabsAsList() {
  return { name: 'tabs-as-list', enforce: 'pre', transform }
}

/** What is replaced, by the end of the module's name. */
const replacements = {
  '@graphiql/react/dist/components/tabs/index.js': [
    ['"aria-selected": isActive,', ''],
    ['role: "tab",', ''],
    ['role: "tablist",', ''],
  ],
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
