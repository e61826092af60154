import { useSyncExternalStore } from "react";

const tick = 20_000; // fine enough for minutes

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const notify of listeners) notify();
  }, tick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, of one clock that all rows share. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
