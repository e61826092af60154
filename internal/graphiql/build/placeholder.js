/**
 * A Vite plugin that puts the committed placeholder back into the output
 * folder, which Vite empties: without any file there, Go could not embed it.
 */
export function placeholder() {
  return {
    name: 'placeholder',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '.gitkeep', source: '' })
    },
  }
}
