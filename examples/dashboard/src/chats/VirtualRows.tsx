import { defaultRangeExtractor, useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";

import type { ChatRow_chat$key } from "../__generated__/ChatRow_chat.graphql";
import { useText } from "../texts/texts";
import { openChat, useOpenChat } from "../ui/address";
import { narrow, useMedia } from "../ui/useMedia";
import { ChatRow } from "./ChatRow";
import { useKeepPlace } from "./useKeepPlace";
import { useShortcuts } from "./useShortcuts";

interface Props {
  chats: readonly (ChatRow_chat$key & { readonly id: string })[];
  total: number;
  isBusy: boolean;
  hasShortcuts: boolean;
  /** Called when the keyboard goes on from the last row. */
  onEnd: () => void;
}

/** How many rows are drawn at least: a first page as a whole, where there is room for many and the processor is fast. */
const fewest = { wide: 32, narrow: 12 };
const before = 8; // rows above the view

/** The rows near the view. The others are neither drawn nor in the document, however many there are. */
export function VirtualRows({ chats, total, isBusy, hasShortcuts, onEnd }: Props) {
  const text = useText();
  const list = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia(narrow);
  const height = isNarrow ? 84 : 62; // until a row is measured
  const [current, setCurrent] = useState(0); // the one stop of the Tab key
  const wanted = useRef<number | null>(null);
  const [top, setTop] = useState(0);
  const open = useOpenChat();

  const rows = useWindowVirtualizer({
    count: chats.length,
    estimateSize: () => height,
    getItemKey: (index) => chats[index]!.id,
    initialRect: { width: window.innerWidth, height: window.innerHeight }, // else the first rows come with the second rendering
    initialOffset: () => window.scrollY,
    scrollMargin: top,
    scrollPaddingStart: 80, // not below the filters
    scrollPaddingEnd: 16,
    rangeExtractor: (range) => withCurrent(drawn(range, isNarrow ? fewest.narrow : fewest.wide), Math.min(current, chats.length - 1)),
  });
  useLayoutEffect(() => {
    setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY); // what is above can grow
  });
  useKeepPlace(rows, chats);

  function goTo(index: number) {
    if (index >= chats.length) onEnd();
    const to = Math.max(0, Math.min(index, chats.length - 1));
    setCurrent(to);
    rows.scrollToIndex(to);
    wanted.current = to;
    focusWanted();
  }

  /** Moves the focus to the row that is to have it, once that is drawn. */
  function focusWanted() {
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  }
  useLayoutEffect(focusWanted);

  useShortcuts(hasShortcuts, (by) => {
    const at = open === null ? -1 : chats.findIndex(({ id }) => id === open);
    if (at >= 0) {
      const to = Math.max(0, Math.min(at + by, chats.length - 1));
      setCurrent(to);
      rows.scrollToIndex(to);
      openChat(chats[to]!.id);
    } else goTo(list.current?.contains(document.activeElement) ? current + by : current);
  });

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const to = {
      ArrowDown: current + 1,
      PageDown: current + 1,
      ArrowUp: current - 1,
      PageUp: current - 1,
      Home: 0,
      End: chats.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    goTo(to);
  }

  return (
    <div
      ref={list}
      role="feed"
      aria-label={text("list")}
      aria-busy={isBusy}
      className="rows"
      data-rows={chats.length}
      style={{ height: rows.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      {rows.getVirtualItems().map(({ index, key, start }) => (
        <ChatRow
          key={key}
          ref={rows.measureElement}
          chat={chats[index]!}
          index={index}
          total={total}
          start={start - top}
          isTabStop={index === Math.min(current, chats.length - 1)}
          isOpen={chats[index]!.id === open}
          onFocus={setCurrent}
        />
      ))}
    </div>
  );
}

/** The rows to draw: those in view, some before and after, and not fewer than `fewest`. */
function drawn({ startIndex, endIndex, count }: Range, fewest: number): number[] {
  const start = Math.max(0, startIndex - before);
  const end = Math.min(count - 1, Math.max(endIndex + before, start + fewest - 1));
  return defaultRangeExtractor({ startIndex: start, endIndex: end, count, overscan: 0 });
}

/** The row of the Tab key is always there, or the focus would be lost when it is scrolled away. */
function withCurrent(indexes: number[], current: number): number[] {
  return indexes.includes(current) ? indexes : [...indexes, current].sort((a, b) => a - b);
}
