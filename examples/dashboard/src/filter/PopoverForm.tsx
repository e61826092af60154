import type { ReactNode } from "react";

interface Props {
  onApply: () => void;
  /** Called in the end, applied or not. */
  onDone: () => void;
  children: ReactNode;
}

/** A small form below the control that it belongs to. */
export function PopoverForm({ onApply, onDone, children }: Props) {
  return (
    <form
      className="popover"
      onSubmit={(event) => {
        event.preventDefault();
        onApply();
        onDone();
      }}
    >
      {children}
      <div className="popover-actions">
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className="button primary">
          Apply
        </button>
      </div>
    </form>
  );
}
