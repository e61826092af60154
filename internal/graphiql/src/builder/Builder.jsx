import { pick, useGraphiQL } from '@graphiql/react'
import { parse } from 'graphql'
import { useEffect, useState } from 'react'
import { addSelection } from './edits.js'
import { BuilderIcon } from '../icons.jsx'
import { Selections } from './Selections.jsx'

/** The panel in which operations are built by clicks. */
export const builderPlugin = { title: 'Query Builder', icon: BuilderIcon, content: Builder }

function Builder() {
  const { schema, operationName } = useGraphiQL(pick('schema', 'operationName'))
  const [text, apply] = useQuery()
  const document = parsed(text)
  return (
    <section className="builder" aria-label="Query Builder">
      <h2>Query Builder</h2>
      {!schema && <p>There is no schema.</p>}
      {!document && <p>The operation has a syntax error.</p>}
      {schema && document && <Operation {...{ schema, document, operationName, text, apply }} />}
    </section>
  )
}

/** The tree of the operation that would run, from the root type of its kind. */
function Operation({ schema, document, operationName, text, apply }) {
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition')
  const operation = operations.find(({ name }) => name?.value === operationName) ?? operations[0]
  const types = { query: schema.getQueryType(), subscription: schema.getSubscriptionType() }
  return Object.entries(types)
    .filter(([kind, type]) => type && kind === (operation?.operation ?? kind))
    .map(([kind, type]) => (
      <Selections
        key={kind}
        type={type}
        node={operation}
        add={(field) => apply(operation ? addSelection(text, operation, field) : newOperation(text, kind, field))}
        edit={{ schema, text, apply, ancestors: operation ? [operation] : [] }}
      />
    ))
}

const newOperation = (text, kind, field) => ({ start: text.length, end: text.length, text: `${kind} {\n  ${field}\n}` })

/** The text of the query editor, and a function that makes an edit in it that can be undone. */
function useQuery() {
  const editor = useGraphiQL((state) => state.queryEditor)
  const [text, setText] = useState(() => editor?.getValue() ?? '')
  useEffect(() => {
    if (!editor) return
    setText(editor.getValue())
    const listening = editor.onDidChangeModelContent(() => setText(editor.getValue()))
    return () => listening.dispose()
  }, [editor])
  const apply = ({ start, end, text }) => {
    const model = editor.getModel()
    const [from, to] = [model.getPositionAt(start), model.getPositionAt(end)]
    const range = { startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column }
    editor.pushUndoStop()
    editor.executeEdits('builder', [{ range, text }])
    editor.pushUndoStop()
  }
  return [text, apply]
}

/** A document; null if there is a syntax error; without definitions if there is no text yet. */
function parsed(text) {
  if (text.replace(/#.*|[\s,]/g, '') === '') return { definitions: [] }
  try {
    return parse(text)
  } catch {
    return null
  }
}
