import { useCallback, useSyncExternalStore } from "react";

/** Where the page has one narrow column; the style sheets know it as well. */
export const narrow = "(max-width: 900px)";

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
