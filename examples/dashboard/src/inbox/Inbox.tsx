import { Chats } from "../chats/Chats";
import { StatusCounts } from "../counts/StatusCounts";
import { isFiltered, noFilter } from "../filter/filter";
import { FilterBar } from "../filter/FilterBar";
import { setFilter, useFilter } from "../filter/useFilter";
import { useSeen } from "../filter/useSeen";
import "./inbox.css";
import { TopBar } from "./TopBar";

/** The whole page: tiles, filters and the list, all of the filter in the address. */
export function Inbox({ endpoint, hasShortcuts }: { endpoint: string; hasShortcuts: boolean }) {
  const { filter, rows, counts } = useFilter();
  const [seen, addSeen] = useSeen();
  return (
    <div className="page">
      <TopBar endpoint={endpoint} filter={filter} />
      <main>
        <StatusCounts
          variables={counts}
          selected={filter.statuses}
          onSelect={(statuses) => setFilter({ ...filter, statuses })}
        />
        <FilterBar filter={filter} seen={seen} onSeen={addSeen} />
        <Chats
          filter={rows}
          isFiltered={isFiltered(filter)}
          hasShortcuts={hasShortcuts}
          onClearFilter={() => setFilter(noFilter)}
          onRows={addSeen}
        />
      </main>
    </div>
  );
}
