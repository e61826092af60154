/**
 * On a first visit, fills the editors with the first tab: GraphiQL takes only
 * the tabs from its defaultTabs, and the editors' variables from storage. The
 * keys are GraphiQL's, those of STORAGE_KEY in @graphiql/react.
 */
export function fillEditors(storage, tab) {
  if (storage.getItem('graphiql:tabState') !== null) return
  storage.setItem('graphiql:query', tab.query)
  storage.setItem('graphiql:variables', tab.variables)
}
