import type { ReactNode } from "react";
import type { OperationType, VariablesOf } from "relay-runtime";

import type { Failure } from "../errors/Failure";
import { useLoad, type Options } from "./useLoad";

interface Props<Query extends OperationType> extends Options<Query> {
  loading: ReactNode;
  failed: (failure: Failure) => ReactNode;
  /** Gets the variables of what is in the store. It is stale while the answer to newer ones is on its way. */
  children: (variables: VariablesOf<Query>, state: { isStale: boolean; failure: Failure | null }) => ReactNode;
}

/** Loads a query, and shows what comes of it. The children read the store: `store-only`. */
export function Loadable<Query extends OperationType>({ loading, failed, children, ...options }: Props<Query>) {
  const { shown, failure } = useLoad<Query>(options);
  if (shown) return children(shown.variables, { isStale: shown.of !== options.variables, failure });
  return failure ? failed(failure) : loading;
}
