import type { KeyboardEvent } from "react";

/** Moves the focus between rows, by the keys of the ARIA feed pattern and the arrows. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=article]")];
  const at = rows.indexOf(event.target as HTMLElement);
  const to = { ArrowDown: at + 1, PageDown: at + 1, ArrowUp: at - 1, PageUp: at - 1, Home: 0, End: rows.length - 1 };
  const row = rows[to[event.key as keyof typeof to] ?? at];
  if (at < 0 || !row || row === event.target) return;
  event.preventDefault();
  row.focus();
}
