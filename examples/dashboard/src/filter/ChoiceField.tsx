import { useRef, useState, type ReactNode } from "react";

import { PopoverForm } from "./PopoverForm";

interface Props {
  name: string;
  /** What is chosen, in words. */
  summary: string;
  /** The ids of what is chosen. */
  value: readonly string[];
  onChange: (value: readonly string[]) => void;
  legend: string;
  /** The boxes to check. */
  children: (chosen: readonly string[], onChange: (chosen: readonly string[]) => void) => ReactNode;
}

/** A button that opens a choice of several. */
export function ChoiceField({ name, summary, value, onChange, legend, children }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);

  function done() {
    setOpen(false);
    button.current?.focus(); // which was in the form that goes
  }

  return (
    <div
      className="pick"
      onKeyDown={(event) => {
        if (!isOpen || event.key !== "Escape") return;
        event.preventDefault(); // a sheet around it stays
        done();
      }}
    >
      <button
        ref={button}
        type="button"
        className={value.length > 0 ? "control chosen" : "control"}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="visually-hidden">{name}: </span>
        {summary}
      </button>
      {isOpen && (
        <ChoiceForm legend={legend} value={value} onChange={onChange} done={done}>
          {children}
        </ChoiceForm>
      )}
    </div>
  );
}

function ChoiceForm({ legend, value, onChange, done, children }: Pick<Props, "legend" | "value" | "onChange" | "children"> & { done: () => void }) {
  const [chosen, setChosen] = useState(value);
  return (
    <PopoverForm onApply={() => onChange(chosen)} onDone={done}>
      <fieldset className="field">
        <legend>{legend}</legend>
        {children(chosen, setChosen)}
      </fieldset>
    </PopoverForm>
  );
}

interface BoxProps {
  id: string;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
  children: ReactNode;
}

/** One box of a choice. */
export function Box({ id, chosen, onChange, children }: BoxProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={chosen.includes(id)}
        onChange={({ target }) => {
          const others = chosen.filter((other) => other !== id);
          onChange(target.checked ? [...others, id] : others);
        }}
      />
      {children}
    </label>
  );
}
