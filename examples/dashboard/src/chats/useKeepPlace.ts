import type { Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef } from "react";

interface Place {
  id: string;
  /** How far its top is above the top of the view. */
  above: number;
}

/** Keeps the row at the top of the view where it is, whatever comes or goes above it. */
export function useKeepPlace(rows: Virtualizer<Window, Element>, chats: readonly { readonly id: string }[]): void {
  const place = useRef<Place | null>(null);
  const last = useRef(chats);

  useLayoutEffect(() => {
    const isOther = last.current !== chats;
    last.current = chats;
    const { scrollMargin } = rows.options;
    if (isOther && place.current) {
      const index = chats.findIndex(({ id }) => id === place.current?.id);
      const row = rows.measurementsCache[index];
      const to = row && row.start + place.current.above;
      if (to !== undefined && Math.abs(to - window.scrollY) >= 1) window.scrollTo({ top: to });
    }
    const at = window.scrollY > scrollMargin ? rows.getVirtualItemForOffset(window.scrollY) : undefined;
    place.current = at ? { id: String(at.key), above: window.scrollY - at.start } : null;
  });
}
