import type { ReactNode } from "react";

import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import { useText, type Text } from "../texts/texts";
import { isStatus } from "./statuses";

interface Props {
  /** Whose rows are below. */
  filter: ChatFilter;
  /** Whose rows are on their way; null when none are. */
  loading: ChatFilter | null;
  total?: number;
  isFiltered: boolean;
  onClearFilter: () => void;
  children?: ReactNode;
}

/** Says what the rows below are: those in view, never those that are only on their way. */
export function ListHead({ filter, loading, total, isFiltered, onClearFilter, children }: Props) {
  const text = useText();
  const found = total === undefined ? "" : text("list.found", { count: total });
  return (
    <header className="list-head">
      <h2 id="list-title">{nameOf(filter, text)}</h2>
      <p role="status">{loading ? text("list.loading", { what: nameOf(loading, text) }) : found}</p>
      {children}
      {isFiltered && total !== 0 && (
        <button type="button" className="button quiet" onClick={onClearFilter}>
          {text("filter.clear")}
        </button>
      )}
    </header>
  );
}

function nameOf({ statuses }: ChatFilter, text: Text): string {
  const names = (statuses ?? []).filter(isStatus).map((status) => text(`status.${status}`));
  return names.join(", ") || text("status.ALL");
}
