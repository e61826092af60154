import { useDeferredValue, useMemo, useState } from "react";

import { noFilter, toChatFilter, toCountsFilter, toSearch } from "../filter/filter";
import { useDebounced } from "../filter/useDebounced";

const debounce = 300;

/**
 * The filter as the controls show it, and as the server is asked: a little
 * later, and deferred, so that what is in view stays until the rest is there.
 */
export function useFilter() {
  const [filter, setFilter] = useState(noFilter);
  const { account, label, status, withoutMessages } = filter;
  const search = toSearch(useDebounced(filter.search, debounce));

  // Made anew only when something in them changes: that is what a query goes by.
  const counts = useMemo(
    () => toCountsFilter(search, { account, label, withoutMessages }),
    [search, account, label, withoutMessages],
  );
  const rows = useMemo(() => toChatFilter(counts, status), [counts, status]);
  const shown = { counts: useDeferredValue(counts), rows: useDeferredValue(rows) };
  const isStale = { counts: shown.counts !== counts, rows: shown.rows !== rows };
  return { filter, setFilter, shown, isStale };
}
