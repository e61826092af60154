import { createClient, NetworkError } from "graphql-sse";
import { Observable, type GraphQLResponse, type Variables } from "relay-runtime";

import { errorOf, read, type Answer, type Server } from "./request";

/** How long a stream may bring nothing, in milliseconds: the server sends a comment every 12 seconds. */
const longestSilence = 30_000;
const tick = 5_000;

/**
 * Subscribes by server-sent events. It does not come back by itself: whoever asked knows from where.
 * Errs with a ServiceError if the server refuses.
 */
export function subscribe({ endpoint, token }: Server, query: string, variables: Variables): Observable<GraphQLResponse> {
  const client = createClient({
    url: endpoint,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    credentials: "same-origin",
    retryAttempts: 0,
    fetchFn: fetchWatched,
  });
  return Observable.create((sink) =>
    client.subscribe<Record<string, unknown>>(
      { query, variables },
      {
        next: (response) => {
          const error = errorOf(response as Answer);
          if (error) sink.error(error);
          else sink.next(response as GraphQLResponse);
        },
        error: (error) => void reasonOf(error).then((reason) => sink.error(reason)),
        complete: () => sink.complete(),
      },
    ),
  );
}

/** Why a subscription ended: what the server said, if it said something. */
async function reasonOf(error: unknown): Promise<Error> {
  const response = error instanceof NetworkError ? (error.response as Response | undefined) : undefined;
  const other = error instanceof Error ? error : new Error("The subscription ended.");
  if (!response) return other;
  const answer = await read(response).catch(() => null);
  return (answer && errorOf(answer, response.headers.get("Retry-After"))) ?? other;
}

/**
 * Fetches a stream, and breaks it off when it brings nothing any more. After a computer has slept, a
 * connection can be gone without a word.
 */
async function fetchWatched(url: string, init: RequestInit): Promise<Response> {
  const abort = new AbortController();
  let heard = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - heard > longestSilence) abort.abort();
  }, tick);
  const signal = AbortSignal.any([abort.signal, ...(init.signal ? [init.signal] : [])]);
  signal.addEventListener("abort", () => clearInterval(timer));
  try {
    const response = await fetch(url, { ...init, signal, priority: "low" }); // rows that are asked for come first
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        heard = Date.now();
        controller.enqueue(bytes);
      },
      flush: () => clearInterval(timer),
    });
    return new Response(response.body?.pipeThrough(watch), response);
  } catch (error) {
    clearInterval(timer);
    throw error;
  }
}
