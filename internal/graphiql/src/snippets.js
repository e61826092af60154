import { getOperationAST, parse, print, separateOperations } from 'graphql'

/**
 * What an operation looks like in other clients. Each takes the document and the
 * variables of one operation, whether it is a subscription, the URL of the endpoint,
 * and whether callers have a token. The token itself is in none.
 */
export const snippets = { curl, fetch: fetchCall, Relay: relay, Apollo: apollo }

function curl({ query, variables, isSubscription, url, hasToken }) {
  const lines = [`curl ${shell(url)}`, `-H 'Content-Type: application/json'`]
  if (isSubscription) lines.push(`-N -H 'Accept: text/event-stream'`)
  if (hasToken) lines.push('-H "Authorization: Bearer $TOKEN"')
  lines.push(`-d ${shell(JSON.stringify({ query, variables }, null, 2))}`)
  return lines.join(' \\\n  ') + '\n'
}

function fetchCall({ query, variables, isSubscription, url, hasToken }) {
  const headers = ['"Content-Type": "application/json"']
  if (isSubscription) headers.push('Accept: "text/event-stream"')
  if (hasToken) headers.push('Authorization: `Bearer ${token}`')
  return `const query = ${template(query)};
const variables = ${json(variables)};

const response = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: {
    ${headers.join(',\n    ')},
  },
  body: JSON.stringify({ query, variables }),
});
${isSubscription ? readEvents : 'const { data, errors } = await response.json();'}
`
}

const readEvents = `for await (const events of response.body.pipeThrough(new TextDecoderStream())) {
  console.log(events); // lines such as: data: {"data": …}
}`

function relay({ query, variables, isSubscription }) {
  const [client, kind] = isSubscription ? ['requestSubscription', 'subscription'] : ['fetchQuery', 'query']
  return `import { graphql, ${client} } from "relay-runtime";

// relay-compiler wants a name that begins with the file's and ends with ${isSubscription ? 'Subscription' : 'Query'}.
const ${kind} = graphql${rawTemplate(query)};
const variables = ${json(variables)};
${
  isSubscription
    ? 'requestSubscription(environment, { subscription, variables, onNext: console.log });'
    : 'const data = await fetchQuery(environment, query, variables).toPromise();'
}
`
}

function apollo({ query, variables, isSubscription }) {
  return `import { gql } from "@apollo/client";

const query = gql${template(query)};
const variables = ${json(variables)};
${
  isSubscription
    ? 'client.subscribe({ query, variables }).subscribe(console.log);'
    : 'const { data } = await client.query({ query, variables });'
}
`
}

/**
 * The chosen operation of a document as clients take it, alone in its document, and
 * whether it is a subscription.
 */
export function chosen(query, operationName) {
  try {
    const document = parse(query)
    const operations = separateOperations(document)
    const isSubscription = getOperationAST(document, operationName)?.operation === 'subscription'
    const several = Object.keys(operations).length > 1 && operations[operationName]
    return { query: several ? print(operations[operationName]) : query, isSubscription }
  } catch {
    return { query, isSubscription: false } // not GraphQL yet; whoever copies it sees that
  }
}

const json = (value) => JSON.stringify(value ?? {}, null, 2)

/** Text as one word of a POSIX shell. */
const shell = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Text as a template literal of JavaScript. */
const template = (text) => rawTemplate(text.replaceAll('\\', '\\\\'))

/** The same for relay-compiler, which reads the source of the literal. */
const rawTemplate = (text) => `\`${text.trim().replace(/`|\$\{/g, '\\$&')}\``
