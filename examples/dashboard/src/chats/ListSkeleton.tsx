import "./chips.css";
import "./row.css";

/** Grey rows, where chats are about to be. */
export function ListSkeleton({ rows }: { rows: number }) {
  return (
    <div className="skeletons" aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="row">
          <span className="channel-icon skeleton" />
          <span className="skeleton" style={{ width: `${50 + ((index * 37) % 40)}%` }} />
          <span className="skeleton" style={{ width: "70%" }} />
          <span className="skeleton" style={{ width: `${30 + ((index * 23) % 50)}%` }} />
          <span className="skeleton" style={{ width: "60%" }} />
          <span className="skeleton" style={{ width: "70%" }} />
          <span className="skeleton" style={{ width: "80%" }} />
        </div>
      ))}
    </div>
  );
}
