import { useEffect, useEffectEvent, useRef } from "react";

import { ErrorNotice } from "../errors/ErrorNotice";
import { useText } from "../texts/texts";
import { ListSkeleton } from "./ListSkeleton";

interface Props {
  /** How many rows are above. */
  shown: number;
  isLoading: boolean;
  error: Error | null;
  onLoad: () => void;
}

/** Loads the next page when it comes near the view, or when pressed. */
export function LoadMore({ shown, isLoading, error, onLoad }: Props) {
  const text = useText();
  const end = useRef<HTMLDivElement>(null);
  const load = useEffectEvent(onLoad);
  const isWaiting = !isLoading && error === null; // an error waits for its retry instead

  useEffect(() => {
    if (!end.current || !isWaiting) return;
    const observer = new IntersectionObserver(
      // There can be several since the last call; the last one is how it is now.
      (entries) => entries.at(-1)?.isIntersecting && load(),
      { rootMargin: "0px 0px 480px" }, // before the end is in view
    );
    observer.observe(end.current);
    return () => observer.disconnect();
    // Looks again after each page, in case that did not fill the view.
  }, [isWaiting, shown]);

  return (
    <div ref={end} className="load-more">
      {isLoading && <ListSkeleton rows={2} />}
      {error ? (
        <ErrorNotice what={text("error.more")} error={error} retry={onLoad} isRetrying={isLoading} />
      ) : (
        <button type="button" className="button" aria-disabled={isLoading} onClick={onLoad}>
          {text(isLoading ? "list.loadingMore" : "list.more")}
        </button>
      )}
    </div>
  );
}
