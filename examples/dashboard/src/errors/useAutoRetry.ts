import { useEffect } from "react";

/** Calls retry every so many seconds while the page can be seen; never when undefined. */
export function useAutoRetry(retry: () => void, seconds: number | undefined): void {
  useEffect(() => {
    if (seconds === undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") retry();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [retry, seconds]);
}
