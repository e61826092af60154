import type { Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef } from "react";

/** How many rows tell by how much the list has moved: one of them alone may have gone to the top. */
const witnesses = 9;

/** Keeps the rows in view where they are, whatever comes or goes above them. */
export function useKeepPlace(rows: Virtualizer<Window, Element>, chats: readonly { readonly id: string }[]): void {
  const places = useRef<{ id: string; start: number }[]>([]);
  const last = useRef({ chats, top: rows.options.scrollMargin });

  useLayoutEffect(() => {
    const top = rows.options.scrollMargin; // of the list: notes come and go above it
    const hasChanged = last.current.chats !== chats || last.current.top !== top;
    if (hasChanged && window.scrollY > top) {
      const indexes = new Map(chats.map(({ id }, index) => [id, index]));
      const moves = places.current.flatMap(({ id, start }) => {
        const row = rows.measurementsCache[indexes.get(id) ?? -1];
        return row ? [row.start - start] : [];
      });
      const moved = moves.sort((a, b) => a - b)[moves.length >> 1] ?? 0;
      if (moved !== 0) window.scrollBy({ top: moved });
    }
    last.current = { chats, top };
    const inView = rows.getVirtualItems().filter(({ end }) => end > window.scrollY);
    places.current = inView.slice(0, witnesses).map(({ key, start }) => ({ id: String(key), start }));
  });
}
