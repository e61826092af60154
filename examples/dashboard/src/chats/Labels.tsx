import { shorten, useText } from "../texts/texts";
import "./chips.css";
import { inkOn, textOf, type Label } from "./label";

const most = 3;
const longest = 18; // characters

/** The first few labels, and how many more there are. */
export function Labels({ labels }: { labels: readonly Label[] }) {
  const text = useText();
  const hidden = labels.slice(most);
  if (labels.length === 0) return <span className="labels" />;
  return (
    <ul className="labels" aria-label={text("labels")}>
      {labels.slice(0, most).map((label) => (
        <li key={label.id}>
          <LabelChip label={label} />
        </li>
      ))}
      {hidden.length > 0 && (
        <li className="label" title={hidden.map(textOf).join(", ")}>
          <bdi>+{hidden.length}</bdi>
        </li>
      )}
    </ul>
  );
}

/** The name of a label, on its color. */
export function LabelChip({ label }: { label: Label }) {
  const { color } = label;
  return (
    <bdi
      className="label"
      title={textOf(label)}
      style={color ? { background: color, color: inkOn(color) } : undefined}
    >
      {shorten(textOf(label), longest)}
    </bdi>
  );
}
