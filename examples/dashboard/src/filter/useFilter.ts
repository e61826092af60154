import { useMemo } from "react";

import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import { setQuery, useQuery } from "../ui/address";
import { readFilter, toChatFilter, toCountsFilter, writeFilter, type Filter } from "./filter";

/** The filter in the address, as the controls show it and as the server is asked. */
export function useFilter() {
  const query = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  // Made anew only when something in them changes: to be other ones is to be loaded.
  const counts = useStable(toCountsFilter(filter));
  const rows = useStable<ChatFilter>(toChatFilter(filter));
  return { filter, counts, rows };
}

/** Goes to another filter: a step in the browser's history, unless it only goes on with a search. */
export function setFilter(to: Filter, isSameStep = false): void {
  setQuery(writeFilter(to), isSameStep);
}

function useStable<T>(value: T): T {
  const json = JSON.stringify(value);
  return useMemo(() => JSON.parse(json) as T, [json]);
}
