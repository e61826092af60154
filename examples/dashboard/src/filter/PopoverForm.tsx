import type { ReactNode } from "react";

import { useText } from "../texts/texts";

interface Props {
  /** What the button says that applies; "Apply" unless given. */
  submit?: string;
  onApply: () => void;
  /** Called in the end, applied or not. */
  onDone: () => void;
  children: ReactNode;
}

/** A small form below the control that it belongs to. */
export function PopoverForm({ submit, onApply, onDone, children }: Props) {
  const text = useText();
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
          {text("cancel")}
        </button>
        <button type="submit" className="button primary">
          {submit ?? text("apply")}
        </button>
      </div>
    </form>
  );
}
