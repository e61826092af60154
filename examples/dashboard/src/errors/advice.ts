import { ServiceError } from "../server/ServiceError";

export interface Advice {
  title: string;
  text: string;
  /** Whether the same request may well succeed when sent again. */
  retry?: boolean;
  /** After how many seconds to send it again without being asked. */
  every?: number;
  /** Whether the cure is in the settings. */
  settings?: boolean;
}

/** A sentence for each code of docs/errors.md, and for the three of request.ts. hebrew.ts has them in Hebrew. */
const byCode: Record<string, Advice> = {
  BAD_USER_INPUT: {
    title: "This filter is not accepted",
    text: "Change or clear the filters above.",
  },
  CURSOR_INVALID: {
    title: "The place in the list is lost",
    text: "The inbox moved too much. The list starts again from its first page.",
    retry: true,
  },
  GRAPHQL_PARSE_FAILED: {
    title: "The server can’t read the query",
    text: "The endpoint may not be texter-graphql, or something on the way changes requests.",
    settings: true,
  },
  GRAPHQL_VALIDATION_FAILED: {
    title: "The server has another schema",
    text: "Build the dashboard again from the server’s schema.graphqls.",
  },
  QUERY_TOO_COMPLEX: {
    title: "The query asks for too much at once",
    text: "The server has lower limits than the dashboard expects: see its -max-cost and -max-depth.",
  },
  PERSISTED_QUERY_NOT_FOUND: {
    title: "The server does not know the query by its id",
    text: "The dashboard and the server’s list of trusted documents are of different builds.",
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    title: "The server executes trusted queries only",
    text: "Add the dashboard’s queries to the server’s list of trusted documents.",
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    title: "The server takes no queries by id of this kind",
    text: "Something on the way may change the request.",
  },
  BAD_REQUEST: {
    title: "The server refuses the request",
    text: "It is not GraphQL over HTTP when it arrives. Something on the way may change it.",
    settings: true,
  },
  UNAUTHENTICATED: {
    title: "A valid API token is needed",
    text: "There is no token, or Texter does not accept it. Make one in Texter under Developers, API Tokens.",
    retry: true,
    every: 60,
    settings: true,
  },
  FORBIDDEN: {
    title: "The token may not list chats",
    text: "Give it the scope “List all chats” in Texter, or use another one.",
    retry: true,
    every: 60,
    settings: true,
  },
  RATE_LIMITED: {
    title: "Too many requests",
    text: "Texter asks to wait a little. The dashboard tries again by itself.",
    retry: true,
    every: 30,
  },
  ANSWER_TOO_LARGE: {
    title: "The answer would be too large",
    text: "The server has a lower limit than the dashboard expects: see its -max-answer-size.",
  },
  OVERLOADED: {
    title: "The server is busy",
    text: "It has too much to do at the moment. The dashboard tries again by itself.",
    retry: true,
    every: 10,
  },
  UPSTREAM_TIMEOUT: {
    title: "Texter took too long",
    text: "No whole answer came in time. Trying again often helps, and so does a narrower filter.",
    retry: true,
  },
  UPSTREAM_UNAVAILABLE: {
    title: "Texter can’t be reached",
    text: "The server runs, but has no connection to Texter. The dashboard tries again by itself.",
    retry: true,
    every: 15,
  },
  UPSTREAM_UNAUTHORIZED: {
    title: "The server may not read chats",
    text: "Texter refuses the server’s own token. Your access is fine. Whoever runs the server has to replace the token.",
    retry: true,
    every: 60,
  },
  UPSTREAM_INVALID_RESPONSE: {
    title: "Texter’s answer can’t be used",
    text: "It breaks a rule of Texter’s API. The server’s logs say which, under the request below.",
    retry: true,
  },
  INTERNAL_SERVER_ERROR: {
    title: "The server has a fault",
    text: "Please report it, with the request below.",
    retry: true,
  },
  NETWORK: {
    title: "The server can’t be reached",
    text: "It may be stopped, or the endpoint is wrong. The dashboard tries again every few seconds.",
    retry: true,
    every: 4,
    settings: true,
  },
  NOT_GRAPHQL: {
    title: "This is not a GraphQL server",
    text: "Something answers at the endpoint, but not with GraphQL. Check the address.",
    retry: true,
    settings: true,
  },
  SIGNED_OUT: {
    title: "Your sign-in is over",
    text: "Load the page again to sign in. The filter stays, for it is in the address.",
    retry: true,
    every: 60,
  },
};

const unknown: Advice = { title: "Something went wrong", text: "The request failed.", retry: true };

/** What to tell about an error, and what can be done. */
export function adviceOn(error: unknown): Advice {
  if (!(error instanceof ServiceError)) return unknown;
  const advice = byCode[error.code] ?? { ...unknown, text: error.message };
  const { argument, retryAfter } = error.details;
  if (argument && !advice.retry) return { ...advice, text: `${error.message} ${advice.text}` };
  if (retryAfter && advice.retry) return { ...advice, every: Math.max(1, retryAfter) };
  return advice;
}

/** The name that the server's logs have for the request that failed. */
export function requestIdOf(error: unknown): string | undefined {
  return error instanceof ServiceError ? error.details.requestId : undefined;
}
