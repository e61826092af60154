import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect } from 'react'
import { operationIn } from './share.js'

/**
 * Opens the operation of a link in a tab, when the page is loaded or the link is
 * pasted into its address. It does not run it.
 */
export function SharedOperation() {
  const { addTab, changeTab } = useGraphiQLActions()
  const { queryEditor, variableEditor, tabs } = useGraphiQL(pick('queryEditor', 'variableEditor', 'tabs'))
  useEffect(() => {
    if (!queryEditor || !variableEditor) return
    const open = () => {
      const shared = operationIn(location.hash)
      if (!shared || history.state?.isOfPage) return
      history.replaceState(null, '', location.pathname + location.search) // a reload does not open it again
      const place = tabs.findIndex((tab) => tab.query === shared.query && (tab.variables ?? '') === shared.variables)
      if (place >= 0) return changeTab(place)
      addTab()
      queryEditor.setValue(shared.query)
      variableEditor.setValue(shared.variables)
    }
    open()
    window.addEventListener('hashchange', open)
    return () => window.removeEventListener('hashchange', open)
  }, [addTab, changeTab, queryEditor, variableEditor, tabs])
  return null
}
