/** A filter with a name. */
export interface View {
  name: string;
  /** The filter as in the address, without the question mark. */
  query: string;
}

const key = "inbox.views";

/** Reads the views of this browser; what is no list of views is none. */
export function loadViews(): View[] {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(saved) ? saved.filter(isView) : [];
  } catch {
    return [];
  }
}

export function saveViews(views: readonly View[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(views));
  } catch {
    // They then hold until the page is left.
  }
}

const isView = (view: unknown): view is View =>
  typeof view === "object" &&
  view !== null &&
  "name" in view &&
  typeof view.name === "string" &&
  "query" in view &&
  typeof view.query === "string";
