import { Suspense, useCallback, useState, useTransition, type ReactNode } from "react";
import type { Variables } from "relay-runtime";

import { ErrorBoundary } from "./ErrorBoundary";
import type { Failure } from "./Failure";

interface Props {
  /** What the children load; other variables are another attempt. */
  variables: Variables;
  loading: ReactNode;
  failed: (failure: Failure) => ReactNode;
  /** Gets the number of the attempt, which is to be the `fetchKey` of the query. */
  children: (attempt: number) => ReactNode;
}

/**
 * What a query is shown in. A retry is a transition, for the error to stay in
 * view until the answer is there, rather than to flash between two failures:
 * that is why Suspense is outside of the boundary, and not inside.
 */
export function Loadable({ variables, loading, failed, children }: Props) {
  const [attempt, setAttempt] = useState(0);
  const [attempted, setAttempted] = useState(variables);
  const [isRetrying, startTransition] = useTransition();
  const retry = useCallback(() => startTransition(() => setAttempt((n) => n + 1)), []);
  // Relay remembers the error of an attempt, and would show it to who comes back to a filter.
  if (attempted !== variables) {
    setAttempted(variables);
    setAttempt(attempt + 1);
  }
  return (
    <Suspense fallback={loading}>
      <ErrorBoundary
        resetKey={String(attempt)}
        failed={(error) => failed({ error, retry, isRetrying })}
      >
        {children(attempt)}
      </ErrorBoundary>
    </Suspense>
  );
}
