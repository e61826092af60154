// Tells Monaco its language workers. GraphiQL ships the same list, but logs
// every start of a worker to the console.
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker'
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker'
import JSONWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker'

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    switch (label) {
      case 'graphql':
        return new GraphQLWorker()
      case 'json':
        return new JSONWorker()
    }
    return new EditorWorker()
  },
}
