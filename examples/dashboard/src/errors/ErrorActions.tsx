import { useOpenSettings } from "../settings/OpenSettings";
import { adviceOn } from "./advice";
import type { Failure } from "./Failure";
import { useAutoRetry } from "./useAutoRetry";

/** The buttons that go with an error; retries by itself where that makes sense. */
export function ErrorActions({ error, retry, isRetrying }: Failure) {
  const advice = adviceOn(error);
  const openSettings = useOpenSettings();
  useAutoRetry(retry, isRetrying ? undefined : advice.every);
  return (
    <div className="error-actions">
      {advice.retry && (
        // Not `disabled`, which would take the focus away from the button.
        <button type="button" className="button retry" aria-disabled={isRetrying} onClick={retry}>
          {isRetrying ? "Trying…" : "Retry"}
        </button>
      )}
      {advice.settings && (
        <button type="button" className="button" onClick={openSettings}>
          Settings
        </button>
      )}
    </div>
  );
}
