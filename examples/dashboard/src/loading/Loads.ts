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

/** All queries of the page: they are refreshed together, and mended together. */
export class Loads {
  private readonly all = new Set<Load>();

  /** Adds a load; returns what removes it. */
  add(load: Load): () => void {
    this.all.add(load);
    return () => this.all.delete(load);
  }

  /** Asks for everything again. */
  async refresh(): Promise<void> {
    await Promise.all([...this.all].map((load) => load.start()));
  }

  /** Asks again for what a change of the list may have changed as well. */
  async follow(): Promise<void> {
    await Promise.all([...this.all].filter((load) => load.followsList).map((load) => load.start()));
  }

  /** Asks again for what failed: one cause often has several victims. */
  async retry(): Promise<void> {
    await Promise.all([...this.all].filter((load) => load.hasFailed).map((load) => load.start()));
  }
}

const LoadsContext = createContext(new Loads());

export const LoadsProvider = LoadsContext.Provider;

export const useLoads = () => useContext(LoadsContext);
