import { Icon } from "../ui/Icon";

interface Props {
  isFiltered: boolean;
  onClearFilter: () => void;
}

/** What is shown when there are no chats. */
export function EmptyList({ isFiltered, onClearFilter }: Props) {
  return (
    <div className="panel">
      <span className="panel-icon">
        <Icon name="inbox" />
      </span>
      <h3>{isFiltered ? "No chats match" : "No chats yet"}</h3>
      <p>
        {isFiltered
          ? "Try another name, a part of the number, or fewer filters."
          : "Chats appear here as soon as somebody writes."}
      </p>
      {isFiltered && (
        <button type="button" className="button" onClick={onClearFilter}>
          Clear filters
        </button>
      )}
    </div>
  );
}
