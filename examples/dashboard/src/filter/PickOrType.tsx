import { useId, useRef, useState, type ReactNode } from "react";

interface Props {
  name: string;
  all: string;
  other: string;
  /** The value that is chosen, as one of the options; "" for all. */
  value: string;
  onChange: (value: string) => void;
  /** The options, as option and optgroup elements. */
  children: ReactNode;
  /** Asks for a value that is not among the options. */
  form: (done: () => void) => ReactNode;
}

const OTHER = "\0other"; // no id has a NUL

/** A choice among what was seen, or anything else by hand. */
export function PickOrType({ name, all, other, value, onChange, children, form }: Props) {
  const id = useId();
  const select = useRef<HTMLSelectElement>(null);
  const [isTyping, setTyping] = useState(false);

  function done() {
    setTyping(false);
    select.current?.focus(); // which was in the form that goes
  }

  return (
    <div className="pick" 
      onKeyDown={(event) => {
        if (!isTyping || event.key !== "Escape") return;
        event.preventDefault(); // a sheet around it stays
        done();
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        {name}
      </label>
      <select
        ref={select}
        id={id}
        className={value ? "control chosen" : "control"}
        value={isTyping ? OTHER : value}
        onChange={(event) => {
          setTyping(event.target.value === OTHER);
          if (event.target.value !== OTHER) onChange(event.target.value);
        }}
      >
        <option value="">{all}</option>
        {children}
        <option value={OTHER}>{other}</option>
      </select>
      {isTyping && form(done)}
    </div>
  );
}
