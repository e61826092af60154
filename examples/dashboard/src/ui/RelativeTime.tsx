import { useText } from "../texts/texts";
import { useTimes } from "./times";
import { useNow } from "./useNow";

/** "2 min. ago", with the exact time to be had by pointing at it. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  const times = useTimes();
  return (
    <time dateTime={at} title={times.exact(at)}>
      {times.relative(at, now)}
    </time>
  );
}

/** "waiting 3 hr", for a chat that waits for an agent. */
export function Waiting({ since }: { since: string }) {
  const now = useNow();
  const text = useText();
  const times = useTimes();
  return (
    <time className="waiting" dateTime={since} title={times.exact(since)}>
      {text("chat.waiting", { time: times.length(since, now) })}
    </time>
  );
}
