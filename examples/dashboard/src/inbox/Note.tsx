import { Icon } from "../ui/Icon";

/** Says why the list is at its first page again. */
export function Note({ onClose }: { onClose: () => void }) {
  return (
    <div className="notice">
      <Icon name="info" />
      <p role="status">The inbox moved too much to go on from there, so the list starts again from its first page.</p>
      <button type="button" className="button" onClick={onClose}>
        OK
      </button>
    </div>
  );
}
