import { useText } from "../texts/texts";
import { AccountField } from "./AccountField";
import type { Filter } from "./filter";
import { LabelField } from "./LabelField";
import { StatusField } from "./StatusField";
import { setFilter } from "./useFilter";
import type { Seen, SeenRow } from "./useSeen";

export interface FieldsProps {
  filter: Filter;
  seen: Seen;
  onSeen: (rows: readonly SeenRow[]) => void;
}

/** All filters but the search. */
export function FilterFields({ filter, seen, onSeen }: FieldsProps) {
  const text = useText();
  const set = (change: Partial<Filter>) => setFilter({ ...filter, ...change });
  return (
    <>
      <StatusField value={filter.statuses} onChange={(statuses) => set({ statuses })} />
      <LabelField value={filter.labels} names={seen.labels} onSeen={onSeen} onChange={(labels) => set({ labels })} />
      <AccountField value={filter.account} seen={seen.accounts} onChange={(account) => set({ account })} />
      <label className="check">
        <input
          type="checkbox"
          checked={filter.withoutMessages}
          onChange={(event) => set({ withoutMessages: event.target.checked })}
        />
        {text("withoutMessages")}
      </label>
    </>
  );
}
