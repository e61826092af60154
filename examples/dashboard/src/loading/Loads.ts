import { createContext, useContext } from "react";

/** One query that a part of the page shows. */
export interface Load {
  /** Whether the last try brought an error that still stands. */
  hasFailed: boolean;
  /** Whether it is asked for again when chats of the list change. */
  followsList: boolean;
  /** Asks again, and resolves once there is an answer, good or bad. */
  start(): Promise<void>;
}

/** How long to wait until what follows the list is asked for again, in milliseconds. */
const pause = 15_000;

/** All queries of the page: they are refreshed together, and mended together. */
export class Loads {
  private readonly all = new Set<Load>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Adds a load; returns what removes it. */
  add(load: Load): () => void {
    this.all.add(load);
    return () => this.all.delete(load);
  }

  /** Asks for everything again. */
  async refresh(): Promise<void> {
    await Promise.all([...this.all].map((load) => load.start()));
  }

  /** Asks again, some seconds later, for what a change of the list may have changed as well. */
  follow(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!navigator.onLine) return this.follow();
      for (const load of this.all) if (load.followsList) void load.start();
    }, pause);
  }

  /** Asks again for what failed: one cause often has several victims. */
  async retry(): Promise<void> {
    await Promise.all([...this.all].filter((load) => load.hasFailed).map((load) => load.start()));
  }
}

const LoadsContext = createContext(new Loads());

export const LoadsProvider = LoadsContext.Provider;

export const useLoads = () => useContext(LoadsContext);
