import { useMemo } from "react";

import { statuses, type Status } from "../chats/statuses";
import { useLocale, useText } from "../texts/texts";
import "./tiles.css";

export type TileKey = Status | "ALL";

/** A count by tile: null where it failed. */
export type Counts = Record<TileKey, number | null>;

export interface TilesProps {
  /** Undefined while loading. */
  counts?: Counts;
  /** Whether the counts are of the filter before. */
  isStale?: boolean;
  /** The statuses of the filter; none is all of them. */
  selected: readonly Status[];
  onSelect: (statuses: readonly Status[]) => void;
}

/** A button for each status, with how many chats are in it. */
export function StatusTiles({ counts, isStale, selected, onSelect }: TilesProps) {
  const text = useText();
  const { tag } = useLocale();
  const numbers = useMemo(() => new Intl.NumberFormat(tag), [tag]);
  const tile = (key: TileKey) => {
    const only = key === "ALL" ? [] : [key];
    const isPressed = key === "ALL" ? selected.length === 0 : selected.includes(key);
    return (
      <li key={key}>
        <button
          type="button"
          className="tile"
          data-status={key}
          aria-pressed={isPressed}
          title={text(`meaning.${key}`)}
          onClick={() => onSelect(isPressed && selected.length === 1 ? [] : only)}
        >
          <span className="tile-name">{text(`status.${key}`)}</span> <Count of={counts?.[key]} numbers={numbers} />
        </button>
      </li>
    );
  };
  return (
    <ul className={isStale ? "tiles stale" : "tiles"} aria-label={text("tiles")}>
      {tile("ALL")}
      {statuses.map(tile)}
    </ul>
  );
}

function Count({ of: count, numbers }: { of: number | null | undefined; numbers: Intl.NumberFormat }) {
  if (count === undefined) return <span className="tile-count skeleton" />;
  return <span className="tile-count">{count === null ? "–" : numbers.format(count)}</span>;
}
