import type { GraphQLResponse, Variables } from "relay-runtime";

import { ServiceError, type ErrorDetails } from "./ServiceError";

export interface Server {
  endpoint: string;
  /** Sent as a bearer token; none when empty. */
  token: string;
}

export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: ErrorDetails & { code?: string } }[];
}

/** Longer than the server takes at its slowest: a request must not hang for good. */
const timeout = 60_000;

/** Sends one operation. Throws a ServiceError when nothing of it came back. */
export async function request(
  server: Server,
  query: string,
  variables: Variables,
  signal: AbortSignal,
): Promise<GraphQLResponse> {
  const response = await send(server, JSON.stringify({ query, variables }), signal);
  const answer = await read(response);
  const error = errorOf(answer, response.headers.get("Retry-After"));
  if (error) throw error;
  return answer as GraphQLResponse;
}

/** The error of an answer that brings nothing. An operation has several fields and one can fail: what did come back is used. */
export function errorOf({ data, errors }: Answer, retryAfter: string | null = null): ServiceError | null {
  const error = errors?.[0];
  if (!error || Object.values(data ?? {}).some((field) => field !== null)) return null;
  const { code = "UNKNOWN", ...details } = error.extensions ?? {};
  details.retryAfter ??= Number(retryAfter) || undefined; // seconds; a date is not understood
  return new ServiceError(code, error.message, details);
}

async function send({ endpoint, token }: Server, body: string, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    Accept: "application/graphql-response+json, application/json;q=0.9",
  };
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    return await fetch(endpoint, {
      method: "POST",
      headers,
      body,
      credentials: "same-origin", // the cookie of a sign-in in front of both, where there is one
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
  } catch (error) {
    throw new ServiceError("NETWORK", String(error));
  }
}

/** Reads an answer. Throws a ServiceError when it is none. */
export async function read(response: Response): Promise<Answer> {
  let answer: unknown;
  try {
    answer = await response.json();
  } catch (error) {
    // Half an answer is a broken connection; a whole one of something else is not GraphQL.
    if (!(error instanceof SyntaxError)) throw new ServiceError("NETWORK", String(error));
  }
  if (typeof answer !== "object" || answer === null || !("data" in answer || "errors" in answer)) {
    // What stands in front of a server and signs people in does not speak GraphQL.
    throw new ServiceError(response.status === 401 ? "SIGNED_OUT" : "NOT_GRAPHQL", `HTTP ${response.status}`);
  }
  return answer as Answer;
}
