import { parse, print, separateOperations } from 'graphql'

/**
 * What an operation looks like in other clients. Each takes the document and the
 * variables of one operation, the URL of the endpoint, and whether callers have a
 * token. The token itself is in none.
 */
export const snippets = { curl, fetch: fetchCall, Relay: relay, Apollo: apollo }

function curl({ query, variables, url, hasToken }) {
  const lines = [`curl ${shell(url)}`, `-H 'Content-Type: application/json'`]
  if (hasToken) lines.push('-H "Authorization: Bearer $TOKEN"')
  lines.push(`-d ${shell(JSON.stringify({ query, variables }, null, 2))}`)
  return lines.join(' \\\n  ') + '\n'
}

function fetchCall({ query, variables, url, hasToken }) {
  const authorization = hasToken ? '\n    Authorization: `Bearer ${token}`,' : ''
  return `const query = ${template(query)};
const variables = ${json(variables)};

const response = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: {
    "Content-Type": "application/json",${authorization}
  },
  body: JSON.stringify({ query, variables }),
});
const { data, errors } = await response.json();
`
}

function relay({ query, variables }) {
  return `import { fetchQuery, graphql } from "relay-runtime";

// relay-compiler wants a name that begins with the file's and ends with Query.
const query = graphql${rawTemplate(query)};
const variables = ${json(variables)};
const data = await fetchQuery(environment, query, variables).toPromise();
`
}

function apollo({ query, variables }) {
  return `import { gql } from "@apollo/client";

const query = gql${template(query)};
const variables = ${json(variables)};
const { data } = await client.query({ query, variables });
`
}

/** The document with one of its operations, if it has several: the clients take one. */
export function documentOf(query, operationName) {
  try {
    const operations = separateOperations(parse(query))
    return Object.keys(operations).length > 1 && operations[operationName] ? print(operations[operationName]) : query
  } catch {
    return query // not GraphQL yet; whoever copies it sees that
  }
}

const json = (value) => JSON.stringify(value ?? {}, null, 2)

/** Text as one word of a POSIX shell. */
const shell = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Text as a template literal of JavaScript. */
const template = (text) => rawTemplate(text.replaceAll('\\', '\\\\'))

/** The same for relay-compiler, which reads the source of the literal. */
const rawTemplate = (text) => `\`${text.trim().replace(/`|\$\{/g, '\\$&')}\``
