import { useMemo, useState } from "react";

import { noFilter, toChatFilter, toCountsFilter, toSearch } from "../filter/filter";
import { useDebounced } from "../filter/useDebounced";

const debounce = 300;

/** The filter as the controls show it, and as the server is asked: for a search, a little later. */
export function useFilter() {
  const [filter, setFilter] = useState(noFilter);
  const { account, labels, status, withoutMessages } = filter;
  const search = toSearch(useDebounced(filter.search, debounce));

  // Made anew only when something in them changes: to be other ones is to be loaded.
  const counts = useMemo(
    () => toCountsFilter(search, { account, labels, withoutMessages }),
    [search, account, labels, withoutMessages],
  );
  const rows = useMemo(() => toChatFilter(counts, status), [counts, status]);
  return { filter, setFilter, counts, rows };
}
