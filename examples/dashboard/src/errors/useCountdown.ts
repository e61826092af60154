import { useEffect, useEffectEvent, useState } from "react";

/**
 * Counts seconds down and then calls onEnd, again and again. Undefined counts nothing. It waits while
 * nobody sees the page or there is no network, and ends at once when that is over.
 */
export function useCountdown(seconds: number | undefined, onEnd: () => void): number | undefined {
  const [left, setLeft] = useState(seconds);
  const end = useEffectEvent(onEnd);

  useEffect(() => {
    setLeft(seconds);
    if (seconds === undefined) return;
    let due = Date.now() + seconds * 1000;
    const tick = () => {
      if (!navigator.onLine) setLeft(undefined);
      if (document.visibilityState === "hidden" || !navigator.onLine) return;
      if (Date.now() >= due) {
        due = Date.now() + seconds * 1000;
        end();
      }
      setLeft(Math.max(1, Math.ceil((due - Date.now()) / 1000)));
    };
    const now = () => {
      due = Math.min(due, Date.now());
      tick();
    };
    const timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
    window.addEventListener("online", now);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
      window.removeEventListener("online", now);
    };
  }, [seconds]);
  return left;
}
