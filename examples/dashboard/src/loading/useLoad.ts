import { startTransition, useEffect, useEffectEvent, useState } from "react";
import { fetchQuery, useRelayEnvironment, type GraphQLTaggedNode } from "react-relay";
import type { OperationType, Subscription, VariablesOf } from "relay-runtime";

import type { Failure } from "../errors/Failure";
import { useLoads, type Load } from "./Loads";

export interface Options<Query extends OperationType> {
  query: GraphQLTaggedNode;
  /** Other ones, by identity, load anew, and abort what is still on its way. */
  variables: VariablesOf<Query>;
  /** Whether to ask again when chats of the list change. */
  followsList?: boolean;
  /** Adds variables when the request is sent; gets whether it asks again for what is in view. */
  atStart?: (isAgain: boolean) => Partial<VariablesOf<Query>>;
}

export interface Loaded<Query extends OperationType> {
  /** Whose answer is in the store, and in view: null before the first, and after an error in its place. */
  shown: { of: VariablesOf<Query>; variables: VariablesOf<Query> } | null;
  isLoading: boolean;
  /** Stands until an answer comes, whoever asked for it. */
  failure: Failure | null;
}

/**
 * Loads a query into the store. What is in view stays until there is something to put in its place,
 * be it rows or an error. If the same is asked for again and that fails, it stays as well.
 */
export function useLoad<Query extends OperationType>({ query, variables, atStart, followsList = false }: Options<Query>): Loaded<Query> {
  const environment = useRelayEnvironment();
  const loads = useLoads();
  const [shown, setShown] = useState<Loaded<Query>["shown"]>(null);
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const extra = useEffectEvent((isAgain: boolean) => atStart?.(isAgain));

  useEffect(() => {
    let subscription: Subscription | undefined;
    let isAgain = false;
    const load: Load = {
      hasFailed: false,
      followsList,
      start: () =>
        new Promise<void>((resolve) => {
          subscription?.unsubscribe();
          setLoading(true);
          const sent = { ...variables, ...extra(isAgain) };
          isAgain = true;
          const end = (failure: unknown) => {
            load.hasFailed = failure !== null;
            setError(failure);
            setLoading(false);
            resolve();
          };
          subscription = fetchQuery<Query>(environment, query, sent).subscribe({
            // Many rows are rendered in pieces, between which the page answers the user.
            next: () => startTransition(() => setShown({ of: variables, variables: sent })),
            complete: () => end(null),
            error: (failure: Error) => {
              setShown((before) => (before?.of === variables ? before : null));
              end(failure);
            },
            unsubscribe: () => resolve(),
          });
        }),
    };
    const remove = loads.add(load);
    setError(null);
    // Not at once: StrictMode runs each effect twice, and the first one must not send anything.
    let isWanted = true;
    queueMicrotask(() => void (isWanted && load.start()));
    return () => {
      isWanted = false;
      remove();
      subscription?.unsubscribe();
    };
  }, [environment, loads, query, variables, followsList]);

  const failure = error === null ? null : { error, retry: () => void loads.retry(), isRetrying: isLoading };
  return { shown, isLoading: isLoading || shown?.of !== variables, failure };
}
