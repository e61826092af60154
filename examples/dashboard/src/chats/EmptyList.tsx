import { useText } from "../texts/texts";
import { Icon } from "../ui/Icon";

interface Props {
  isFiltered: boolean;
  onClearFilter: () => void;
}

/** What is shown when there are no chats. */
export function EmptyList({ isFiltered, onClearFilter }: Props) {
  const text = useText();
  return (
    <div className="panel">
      <span className="panel-icon">
        <Icon name="inbox" />
      </span>
      <h3>{text(isFiltered ? "empty.filtered" : "empty")}</h3>
      <p>{text(isFiltered ? "empty.filteredText" : "emptyText")}</p>
      {isFiltered && (
        <button type="button" className="button" onClick={onClearFilter}>
          {text("filter.clear")}
        </button>
      )}
    </div>
  );
}
