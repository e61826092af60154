import '@graphiql/react/font/fira-code.css'
import '@graphiql/react/font/roboto.css'
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import 'graphiql/graphiql.css'
import './page.css'
import './narrow.css'
import './workers.js'
import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'
import { builderPlugin } from './builder/Builder.jsx'
import { examples } from './examples.js'
import { fetcher } from './fetcher.js'
import { Footer } from './Footer.jsx'
import { ReadableEditors } from './ReadableEditors.jsx'
import { SharedOperation } from './SharedOperation.jsx'
import { fillEditors, removeHeaders } from './storage.js'
import { editorTheme } from './themes.js'
import { TokenField } from './token.jsx'
import { Tools } from './Tools.jsx'

const plugins = [builderPlugin, HISTORY_PLUGIN]

try {
  removeHeaders(localStorage)
  fillEditors(localStorage, examples[0])
} catch {
  // The browser keeps no storage: the first tab lacks its variables.
}

createRoot(document.getElementById('root')).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={examples}
    defaultQuery=""
    defaultEditorToolsVisibility="variables"
    editorTheme={editorTheme}
    isHeadersEditorEnabled={false}
    plugins={plugins}
    schemaDescription
    shouldPersistHeaders={false}
  >
    <ReadableEditors />
    <SharedOperation />
    <GraphiQL.Toolbar>{Tools}</GraphiQL.Toolbar>
    <GraphiQL.Logo>
      <TokenField />
      <h1>texter-graphql</h1>
    </GraphiQL.Logo>
    <GraphiQL.Footer>
      <Footer />
    </GraphiQL.Footer>
  </GraphiQL>,
)
