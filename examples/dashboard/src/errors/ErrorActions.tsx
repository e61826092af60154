import { useOpenSettings } from "../settings/OpenSettings";
import { useText } from "../texts/texts";
import { useAdvice } from "./useAdvice";
import type { Failure } from "./Failure";
import { useCountdown } from "./useCountdown";

/** The buttons that go with an error; retries by itself where that makes sense, and says when. */
export function ErrorActions({ error, retry, isRetrying }: Failure) {
  const text = useText();
  const advice = useAdvice(error);
  const openSettings = useOpenSettings();
  const left = useCountdown(isRetrying ? undefined : advice.every, retry);
  return (
    <div className="error-actions">
      {advice.retry && (
        // Not `disabled`, which would take the focus away from the button.
        <button type="button" className="button retry" aria-disabled={isRetrying} onClick={retry}>
          {isRetrying ? text("error.retrying") : text("error.retry")}
        </button>
      )}
      {advice.settings && (
        <button type="button" className="button" onClick={openSettings}>
          {text("settings")}
        </button>
      )}
      {left !== undefined && <span className="countdown">{text("error.countdown", { seconds: left })}</span>}
    </div>
  );
}
