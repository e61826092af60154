const most = 3;

/** The first few labels, and how many more there are. */
export function Labels({ labels }: { labels: readonly string[] }) {
  const hidden = labels.slice(most);
  return (
    <ul className="labels" aria-label="Labels">
      {labels.slice(0, most).map((label) => (
        <li key={label} className="label" dir="auto" title={label}>
          {label}
        </li>
      ))}
      {hidden.length > 0 && (
        <li className="label" title={hidden.join(", ")}>
          +{hidden.length}
        </li>
      )}
    </ul>
  );
}
