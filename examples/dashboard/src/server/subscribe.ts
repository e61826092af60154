import { createClient } from "graphql-sse";
import { Observable, type GraphQLResponse, type Variables } from "relay-runtime";

import type { Server } from "./request";

/** Subscribes by server-sent events. It does not come back by itself: whoever asked knows from where. */
export function subscribe({ endpoint, token }: Server, query: string, variables: Variables): Observable<GraphQLResponse> {
  const client = createClient({
    url: endpoint,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    credentials: "same-origin",
    retryAttempts: 0,
  });
  return Observable.create((sink) =>
    client.subscribe<Record<string, unknown>>(
      { query, variables },
      {
        next: (response) => sink.next(response as GraphQLResponse),
        error: (error) => sink.error(error instanceof Error ? error : new Error("The subscription ended.")),
        complete: () => sink.complete(),
      },
    ),
  );
}
