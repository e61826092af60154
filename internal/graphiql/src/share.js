// A link holds an operation in its fragment, which browsers send to no server:
// https://host/#query=…&variables=…. Nothing else is in it, no token above all.

/** The fragment of a link to an operation, with "#". */
export const fragmentOf = ({ query, variables }) => `#${new URLSearchParams({ query, variables })}`

/** The operation in the fragment of a link; null if there is none. */
export function operationIn(fragment) {
  const values = new URLSearchParams(fragment.slice(1))
  const query = values.get('query')
  return query && { query, variables: values.get('variables') ?? '' }
}

/** The state in the browser's history of a link that the page itself put there: it opens no tab. */
export const linkOfPage = { isOfPage: true }
