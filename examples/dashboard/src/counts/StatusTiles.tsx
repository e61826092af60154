import { statuses, statusTexts, type Status } from "../chats/statuses";
import "./tiles.css";

export type TileKey = Status | "ALL";

/** A count by tile: null where it failed. */
export type Counts = Record<TileKey, number | null>;

export interface TilesProps {
  /** Undefined while loading. */
  counts?: Counts;
  /** Whether the counts are of the filter before. */
  isStale?: boolean;
  selected: Status | null;
  onSelect: (status: Status | null) => void;
}

const number = new Intl.NumberFormat("en");

/** A button for each status, with how many chats are in it. */
export function StatusTiles({ counts, isStale, selected, onSelect }: TilesProps) {
  const tile = (key: TileKey) => {
    const status = key === "ALL" ? null : key;
    const { name, meaning } = status ? statusTexts[status] : { name: "All chats", meaning: "In any status" };
    return (
      <li key={key}>
        <button
          type="button"
          className="tile"
          data-status={key}
          aria-pressed={selected === status}
          title={meaning}
          onClick={() => onSelect(selected === status ? null : status)}
        >
          <span className="tile-name">{name}</span> <Count of={counts?.[key]} />
        </button>
      </li>
    );
  };
  return (
    <ul className={isStale ? "tiles stale" : "tiles"} aria-label="Chats by status">
      {tile("ALL")}
      {statuses.map(tile)}
    </ul>
  );
}

function Count({ of: count }: { of: number | null | undefined }) {
  if (count === undefined) return <span className="tile-count skeleton" />;
  return <span className="tile-count">{count === null ? "–" : number.format(count)}</span>;
}
