import { pick, useGraphiQL, useGraphiQLActions, useMonaco } from '@graphiql/react'
import { useEffect } from 'react'
import { defineThemes } from './themes.js'

/** The screens on which page.css puts the answer below the operation. */
const narrow = matchMedia('(max-width: 50rem)')
const dark = matchMedia('(prefers-color-scheme: dark)')

const options = () => ({
  fontSize: narrow.matches ? 13 : 15,
  lineNumbers: narrow.matches ? 'off' : 'on',
  wordWrap: 'on',
  wrappingIndent: 'indent',
  // Hebrew has letters that look like Latin ones. They are not suspicious here.
  unicodeHighlight: { ambiguousCharacters: false },
})

/** Sets what the editors need to be read on any screen, and in Hebrew. */
export function ReadableEditors() {
  const monaco = useMonaco((state) => state.monaco)
  const { queryEditor, variableEditor, responseEditor, theme, monacoTheme } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'responseEditor', 'theme', 'monacoTheme'),
  )
  useEffect(() => {
    if (!monaco) return
    defineThemes(monaco)
    monaco.editor.setTheme(monacoTheme)
  }, [monaco, monacoTheme])
  const { setTheme } = useGraphiQLActions()
  useEffect(() => {
    if (theme !== null) return
    const follow = () => setTheme(null) // the system's; GraphiQL asks for it only once
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [theme, setTheme])
  useEffect(() => {
    const update = () => {
      queryEditor?.updateOptions(options())
      variableEditor?.updateOptions(options())
      responseEditor?.updateOptions({ ...options(), lineNumbers: 'off' })
    }
    update()
    narrow.addEventListener('change', update)
    return () => narrow.removeEventListener('change', update)
  }, [queryEditor, variableEditor, responseEditor])
  return null
}
