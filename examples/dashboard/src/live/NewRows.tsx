import { useText } from "../texts/texts";

/** Says how many chats came in above the view, and goes there. */
export function NewRows({ count, onSeen }: { count: number; onSeen: () => void }) {
  const text = useText();
  function goThere() {
    window.scrollTo({ top: 0 });
    onSeen();
  }
  return (
    <span role="status" className="new-rows">
      {count > 0 && (
        <button type="button" className="button primary" onClick={goThere}>
          {text("live.new", { count })}
        </button>
      )}
    </span>
  );
}
