import { useState } from "react";

import { PickOrType } from "./PickOrType";
import { PopoverForm } from "./PopoverForm";

interface Props {
  value: string | null;
  seen: ReadonlySet<string>;
  onChange: (label: string | null) => void;
}

/** Narrows to one label: of those seen, or by its id. */
export function LabelField({ value, seen, onChange }: Props) {
  const labels = new Set(seen);
  if (value !== null) labels.add(value); // typed by hand, so maybe never seen
  return (
    <PickOrType
      name="Label"
      all="All labels"
      other="Other label…"
      value={value ?? ""}
      onChange={(label) => onChange(label || null)}
      form={(done) => <LabelForm onChange={onChange} done={done} />}
    >
      {[...labels]
        .sort((a, b) => a.localeCompare(b))
        .map((label) => (
          <option key={label} value={label}>
            {label}
          </option>
        ))}
    </PickOrType>
  );
}

function LabelForm({ onChange, done }: Pick<Props, "onChange"> & { done: () => void }) {
  const [label, setLabel] = useState("");
  return (
    <PopoverForm onApply={() => onChange(label.trim())} onDone={done}>
      <label className="field">
        <span>Label id</span>
        <input
          className="control"
          dir="auto"
          autoFocus
          required
          pattern=".*\S.*"
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
      </label>
    </PopoverForm>
  );
}
