import type { GraphQLResponse, Variables } from "relay-runtime";

import { ServiceError, type ErrorDetails } from "./ServiceError";

export interface Server {
  endpoint: string;
  /** Sent as a bearer token; none when empty. */
  token: string;
}

interface Answer {
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
  const error = answer.errors?.[0];
  // An operation has several fields and one can fail: what did come back is used.
  if (error && !Object.values(answer.data ?? {}).some((field) => field !== null)) {
    const { code = "UNKNOWN", ...details } = error.extensions ?? {};
    details.retryAfter ??= Number(response.headers.get("Retry-After")) || undefined; // seconds; a date is not understood
    throw new ServiceError(code, error.message, details);
  }
  return answer as GraphQLResponse;
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

async function read(response: Response): Promise<Answer> {
  let answer: unknown;
  try {
    answer = await response.json();
  } catch (error) {
    // Half an answer is a broken connection; a whole one of something else is not GraphQL.
    if (!(error instanceof SyntaxError)) throw new ServiceError("NETWORK", String(error));
  }
  if (typeof answer !== "object" || answer === null || !("data" in answer || "errors" in answer)) {
    throw new ServiceError("NOT_GRAPHQL", `HTTP ${response.status}`);
  }
  return answer as Answer;
}
