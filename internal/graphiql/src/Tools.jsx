import { ToolbarButton, Tooltip, tryParseJSONC, useGraphiQL } from '@graphiql/react'
import { endpoint, schemaFile } from './fetcher.js'
import { CodeIcon, DownloadIcon, LinkIcon } from './icons.jsx'
import { copy, notify } from './notice.js'
import { fragmentOf, linkOfPage } from './share.js'
import { chosen, snippets } from './snippets.js'
import { useToken } from './token.jsx'

/** The tools beside the operation, after GraphiQL's own. */
export function Tools({ prettify, merge, copy }) {
  return (
    <>
      {prettify}
      {merge}
      {copy}
      <ShareButton />
      <CopyAsMenu />
      <SchemaLink />
    </>
  )
}

function ShareButton() {
  const operation = useOperation()
  const share = () => {
    const { query, variables } = operation()
    const fragment = fragmentOf({ query, variables })
    history.replaceState(linkOfPage, '', fragment)
    copy(location.href, 'Link copied')
  }
  return (
    <ToolbarButton label="Copy link to this operation" onClick={share}>
      <LinkIcon />
    </ToolbarButton>
  )
}

function CopyAsMenu() {
  const operation = useOperation()
  const hasToken = useToken() !== ''
  const copyAs = (name) => {
    const { query, variables, operationName } = operation()
    try {
      const snippet = snippets[name]({
        ...chosen(query, operationName),
        variables: tryParseJSONC(variables),
        url: new URL(endpoint, location.href).href,
        hasToken,
      })
      copy(snippet, `Copied as ${name}`)
    } catch (error) {
      notify(`Not copied. Variables ${error.message}`)
    }
  }
  // Not GraphiQL's menu: that hides the page from assistive technology, and leaves the focus in it.
  return (
    <>
      <ToolbarButton label="Copy as…" popoverTarget="copy-as">
        <CodeIcon />
      </ToolbarButton>
      <div id="copy-as" className="copy-as" popover="auto" role="group" aria-label="Copy as">
        {Object.keys(snippets).map((name) => (
          <button key={name} type="button" popoverTarget="copy-as" popoverTargetAction="hide" onClick={() => copyAs(name)}>
            {name}
          </button>
        ))}
      </div>
    </>
  )
}

function SchemaLink() {
  return (
    <Tooltip label="Download the schema">
      <a className="graphiql-un-styled graphiql-toolbar-button" href={schemaFile} download aria-label="Download the schema">
        <DownloadIcon />
      </a>
    </Tooltip>
  )
}

/** A function that reads the operation from the editors, as they are when it is called. */
function useOperation() {
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)
  const operationName = useGraphiQL((state) => state.operationName)
  return () => ({
    query: queryEditor?.getValue() ?? '',
    variables: variableEditor?.getValue() ?? '',
    operationName,
  })
}
