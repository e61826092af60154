import "./chips.css";
import { inkOn, textOf, type Label } from "./label";

const most = 3;

/** The first few labels, and how many more there are. */
export function Labels({ labels }: { labels: readonly Label[] }) {
  const hidden = labels.slice(most);
  return (
    <ul className="labels" aria-label="Labels">
      {labels.slice(0, most).map((label) => (
        <li key={label.id}>
          <LabelChip label={label} />
        </li>
      ))}
      {hidden.length > 0 && (
        <li className="label" title={hidden.map(textOf).join(", ")}>
          +{hidden.length}
        </li>
      )}
    </ul>
  );
}

/** The name of a label, on its color. */
export function LabelChip({ label }: { label: Label }) {
  const { color } = label;
  return (
    <span
      className="label"
      dir="auto"
      title={textOf(label)}
      style={color ? { background: color, color: inkOn(color) } : undefined}
    >
      {textOf(label)}
    </span>
  );
}
