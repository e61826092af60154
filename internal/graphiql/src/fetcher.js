import { buildSchema, getOperationAST, introspectionFromSchema } from 'graphql'
import { createClient } from 'graphql-sse'
import { noteOutcome, readResult } from './outcome.js'
import { authorization } from './token.jsx'

// Relative, so that a proxy may serve page and endpoint below a path.
export const endpoint = 'graphql'
export const schemaFile = 'schema.graphqls'

/**
 * Sends the operations of GraphiQL. What it returns can be subscribed to: GraphiQL
 * unsubscribes when the user stops an operation or goes to another tab.
 */
export function fetcher(operation, { documentAST } = {}) {
  if (operation.operationName === 'IntrospectionQuery') return introspect(operation)
  const node = documentAST && getOperationAST(documentAST, operation.operationName)
  return { subscribe: (observer) => (node?.operation === 'subscription' ? follow : execute)(operation, observer) }
}

/**
 * Answers an introspection from the file of the schema, which needs no token and
 * can be cached. Where the service has no such file, it says itself what it thinks
 * of introspection.
 */
async function introspect(operation) {
  const response = await fetch(schemaFile)
  if (!response.ok) return (await send(operation)).result
  return { data: introspectionFromSchema(buildSchema(await response.text())) }
}

/** Sends an operation that is answered once. */
function execute(operation, observer) {
  const aborter = new AbortController()
  send(operation, aborter.signal).then(
    ({ result, outcome }) => {
      noteOutcome(outcome)
      observer.next(result)
      observer.complete()
    },
    (error) => {
      if (!aborter.signal.aborted) observer.error(error)
    },
  )
  return { unsubscribe: () => aborter.abort() }
}

// Server-sent events take the token as a header, as all other operations do.
const stream = createClient({ url: endpoint, headers: authorization, retryAttempts: 0 })

/** Follows a subscription. Each event takes the place of the last one. */
function follow(operation, observer) {
  const began = performance.now()
  let events = 0
  const unsubscribe = stream.subscribe(operation, {
    next(result) {
      noteOutcome({ events: ++events, milliseconds: performance.now() - began, ...readResult(result) })
      observer.next(result)
    },
    error: (error) => observer.error(error),
    complete: () => observer.complete(),
  })
  return { unsubscribe }
}

/** Sends an operation by POST; its result, and how it was answered. */
async function send(operation, signal) {
  const began = performance.now()
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      Accept: 'application/graphql-response+json, application/json',
      'Content-Type': 'application/json',
      ...authorization(),
    },
    body: JSON.stringify(operation),
    signal,
  })
  const body = await response.arrayBuffer()
  const milliseconds = performance.now() - began
  const result = parse(body, response)
  return { result, outcome: { status: response.status, milliseconds, bytes: body.byteLength, ...readResult(result) } }
}

function parse(body, response) {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw new Error(`The answer is not JSON. Its HTTP status is ${response.status}.`)
  }
}
