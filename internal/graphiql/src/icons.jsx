/** The icons that GraphiQL lacks, drawn like its own. */
const icon = (path, className = 'graphiql-toolbar-icon') => () => (
  <svg
    className={className}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    aria-hidden="true"
  >
    <path d={path} />
  </svg>
)

export const LinkIcon = icon('M9 15l6-6M10 6l2-2a5 5 0 0 1 8 8l-2 2M6 10l-2 2a5 5 0 0 0 8 8l2-2')
export const CodeIcon = icon('M8 6l-6 6 6 6M16 6l6 6-6 6')
export const DownloadIcon = icon('M12 3v12M7 10l5 5 5-5M4 20h16')
export const BuilderIcon = icon('M4 4h6v6H4zM5.5 7l1 1 2-2M4 14h6v6H4zM13 7h8M13 17h8', '')
