import { useState } from "react";

import { Chats } from "../chats/Chats";
import { statusTexts } from "../chats/statuses";
import { StatusCounts } from "../counts/StatusCounts";
import { ErrorNotice } from "../errors/ErrorNotice";
import { FilterBar } from "../filter/FilterBar";
import { isFiltered, noFilter, type Filter } from "../filter/filter";
import { useSeen } from "../filter/useSeen";
import "./inbox.css";
import { Note } from "./Note";
import { TopBar } from "./TopBar";
import { useFilter } from "./useFilter";
import { useRefresh } from "./useRefresh";

/** The whole page: tiles, filters and the list, all of one filter. */
export function Inbox({ endpoint }: { endpoint: string }) {
  const { filter, setFilter, rows, counts } = useFilter();
  const [seen, addSeen] = useSeen();
  const [total, setTotal] = useState<number | null>(null);
  const [isNoted, setNoted] = useState(false);

  const { refresh, isRefreshing, error } = useRefresh(rows, counts);

  function change(to: Filter) {
    setFilter(to);
    setNoted(false);
  }

  return (
    <div className="page">
      <TopBar endpoint={endpoint} isRefreshing={isRefreshing} onRefresh={refresh} />
      <main>
        <StatusCounts
          variables={counts}
          selected={filter.status}
          onSelect={(status) => change({ ...filter, status })}
        />
        <FilterBar filter={filter} seen={seen} onChange={change} />
        <section className="card" aria-labelledby="list-title">
          <header className="list-head">
            <h2 id="list-title">{filter.status ? statusTexts[filter.status].name : "All chats"}</h2>
            <p role="status">{total !== null && `${total.toLocaleString("en")} found`}</p>
            {isFiltered(filter) && total !== 0 && (
              <button type="button" className="button quiet" onClick={() => change(noFilter)}>
                Clear filters
              </button>
            )}
          </header>
          {error !== null && (
            <ErrorNotice what="Not refreshed." error={error} retry={refresh} isRetrying={isRefreshing} />
          )}
          {isNoted && <Note onClose={() => setNoted(false)} />}
          <Chats
            filter={rows}
            isFiltered={isFiltered(filter)}
            onClearFilter={() => change(noFilter)}
            onRows={addSeen}
            onTotal={setTotal}
            onLost={() => {
              setNoted(true);
              window.scrollTo({ top: 0 });
              void refresh();
            }}
          />
        </section>
      </main>
    </div>
  );
}
