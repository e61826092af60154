import { AccountField } from "./AccountField";
import type { Filter } from "./filter";
import "./filter.css";
import { LabelField } from "./LabelField";
import { SearchField } from "./SearchField";
import type { SeenAccounts } from "./useSeen";

interface Props {
  filter: Filter;
  seen: SeenAccounts;
  onChange: (filter: Filter) => void;
}

/** All filters but the status, which the tiles are for. */
export function FilterBar({ filter, seen, onChange }: Props) {
  const set = (change: Partial<Filter>) => onChange({ ...filter, ...change });
  return (
    <div className="filters" role="search" aria-label="Filter chats">
      <SearchField value={filter.search} onChange={(search) => set({ search })} />
      <AccountField value={filter.account} seen={seen} onChange={(account) => set({ account })} />
      <LabelField value={filter.labels} onChange={(labels) => set({ labels })} />
      <label className="check">
        <input
          type="checkbox"
          checked={filter.withoutMessages}
          onChange={(event) => set({ withoutMessages: event.target.checked })}
        />
        Also without messages
      </label>
    </div>
  );
}
