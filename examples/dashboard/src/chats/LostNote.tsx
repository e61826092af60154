import { useText } from "../texts/texts";
import { Icon } from "../ui/Icon";

/** Says why the list is at its first page again. */
export function LostNote({ onClose }: { onClose: () => void }) {
  const text = useText();
  return (
    <div className="notice">
      <Icon name="info" />
      <p role="status">{text("list.lost")}</p>
      <button type="button" className="button" onClick={onClose}>
        {text("ok")}
      </button>
    </div>
  );
}
