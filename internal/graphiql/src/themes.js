/** The names of the editors' themes, as GraphiQL takes them. */
export const editorTheme = { light: 'texter-graphql-light', dark: 'texter-graphql-dark' }

/** The colours of an editor on the page's background, with some that it lacks: contrast 4.5 and more. */
const light = {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'argument.identifier.gql', foreground: '5a56c0' },
    { token: 'number', foreground: '07704a' },
  ],
  colors: {
    ...widgets('#ffffff', '#b3047a'),
    'editorBracketHighlight.foreground2': '#1f7a1f',
  },
}

const dark = {
  base: 'vs-dark',
  inherit: true,
  rules: [
    { token: 'argument.identifier.gql', foreground: 'a5a0ff' },
    { token: 'comment', foreground: '86b873' },
  ],
  colors: {
    ...widgets('#212a3b', '#ff7fae'),
    'editorLineNumber.foreground': '#a3adbf',
  },
}

/** The colours of what opens over an editor. */
function widgets(background, accent) {
  return {
    'editor.background': '#ffffff00',
    'scrollbar.shadow': '#ffffff00',
    'editorHoverWidget.background': background,
    'editorSuggestWidget.background': background,
    'editorSuggestWidget.selectedBackground': `${accent}22`,
    'editorSuggestWidget.selectedForeground': accent,
    'editorWidget.background': background,
    'list.highlightForeground': accent,
    'menu.background': background,
    'quickInput.background': background,
    'textLink.foreground': accent,
    focusBorder: accent,
  }
}

export function defineThemes(monaco) {
  monaco.editor.defineTheme(editorTheme.light, light)
  monaco.editor.defineTheme(editorTheme.dark, dark)
}
