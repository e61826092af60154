// What GraphiQL keeps in localStorage. The keys are GraphiQL's, those of
// STORAGE_KEY in @graphiql/react and of HistoryStore in @graphiql/toolkit.

/** The keys whose values are headers, or say that headers are to be kept. */
const headerKeys = ['graphiql:headers', 'graphiql:shouldPersistHeaders']

/** The keys whose values are JSON in which headers may be. */
const nestedKeys = ['graphiql:tabState', 'graphiql:queries', 'graphiql:favorites']

/**
 * Removes the headers that earlier versions of this page kept, with the tokens in
 * them. A tab's hash repeats its headers.
 */
export function removeHeaders(storage) {
  for (const key of headerKeys) storage.removeItem(key)
  for (const key of nestedKeys) {
    const value = storage.getItem(key)
    if (value === null) continue
    const clean = withoutHeaders(value)
    if (clean === null) storage.removeItem(key)
    else if (clean !== value) storage.setItem(key, clean)
  }
}

/** JSON without the members that hold headers; null if the text is no JSON. */
function withoutHeaders(json) {
  try {
    return JSON.stringify(JSON.parse(json), (name, value) =>
      ['headers', 'hash'].includes(name) && typeof value === 'string' ? null : value,
    )
  } catch {
    return null
  }
}

/**
 * On a first visit, fills the editors with the first tab: GraphiQL takes only
 * the tabs from its defaultTabs, and the editors' variables from storage.
 */
export function fillEditors(storage, tab) {
  if (storage.getItem('graphiql:tabState') !== null) return
  storage.setItem('graphiql:query', tab.query)
  storage.setItem('graphiql:variables', tab.variables)
}
