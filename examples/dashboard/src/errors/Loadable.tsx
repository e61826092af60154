import { Suspense, useCallback, useEffect, useTransition, type ReactNode } from "react";
import { useQueryLoader, type GraphQLTaggedNode, type PreloadedQuery } from "react-relay";
import type { OperationType, VariablesOf } from "relay-runtime";

import { ErrorBoundary } from "./ErrorBoundary";
import type { Failure } from "./Failure";

interface Props<Query extends OperationType> {
  query: GraphQLTaggedNode;
  /** Other ones, by identity, load anew. */
  variables: VariablesOf<Query>;
  loading: ReactNode;
  failed: (failure: Failure) => ReactNode;
  /** Is stale while the answer of newer variables is on its way. */
  children: (loaded: PreloadedQuery<Query>, isStale: boolean) => ReactNode;
}

/**
 * Loads a query, and shows what comes of it. All but the first load are
 * transitions: what is in view stays until there is something to put in its
 * place, be it rows or an error. That is why Suspense is outside of the
 * boundary, and not inside.
 */
export function Loadable<Query extends OperationType>({ query, variables, loading, failed, children }: Props<Query>) {
  const [loaded, loadQuery] = useQueryLoader<Query>(query);
  const [isLoading, startTransition] = useTransition();
  const load = useCallback(
    // An inbox moves: what was seen a filter ago is not shown as if it were new.
    () => startTransition(() => loadQuery(variables, { fetchPolicy: "network-only" })),
    [loadQuery, variables],
  );
  useEffect(load, [load]);
  if (!loaded) return loading;
  return (
    <Suspense fallback={loading}>
      <ErrorBoundary
        resetKey={String(loaded.fetchKey)}
        failed={(error) => failed({ error, retry: load, isRetrying: isLoading })}
      >
        {children(loaded, isLoading)}
      </ErrorBoundary>
    </Suspense>
  );
}
