import type { Disposable } from "relay-runtime";

import { ServiceError } from "../server/ServiceError";

/** How long to wait before a subscription that ended is begun again, in milliseconds. */
const pause = 5_000;

/** How long to wait after a refusal, unless it was the first for as long, or says how long. */
const pauseOfRefused = 60_000;

/** When a server refused for the last time; -Infinity before. A refresh must not make it forgotten. */
export interface Refusals {
  last: number;
}

/**
 * Begins a subscription, and again whenever it ends, until the returned function is called. Without a
 * network it waits for one. If the server refuses, the list is refreshed: then the page says why, or has
 * the rows of now.
 */
export function stayConnected(
  begin: (end: (error?: Error) => void) => Disposable,
  refresh: () => Promise<void>,
  refusals: Refusals,
): () => void {
  let running: Disposable | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  function start() {
    timer = undefined;
    if (navigator.onLine) running = begin(end);
  }
  function startLater(after: number) {
    if (!isOver) timer = setTimeout(start, after);
  }
  function end(error?: Error) {
    running = undefined;
    if (error instanceof ServiceError) refused(error);
    else startLater(pause);
  }
  function refused({ details }: ServiceError) {
    const wait = Date.now() - refusals.last > pauseOfRefused ? 0 : pauseOfRefused;
    refusals.last = Date.now();
    timer = setTimeout(() => void refresh().then(() => startLater(pause)), (details.retryAfter ?? 0) * 1000 || wait);
  }
  function online() {
    if (running) return;
    clearTimeout(timer);
    start();
  }

  startLater(0); // StrictMode runs each effect twice, and the first one must not send anything
  window.addEventListener("online", online);
  return () => {
    isOver = true;
    running?.dispose();
    clearTimeout(timer);
    window.removeEventListener("online", online);
  };
}
