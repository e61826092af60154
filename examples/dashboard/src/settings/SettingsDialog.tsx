import { useEffect, useRef, useState, type FormEvent } from "react";

import { defaultEndpoint, parseEndpoint } from "./endpoint";
import { themes, type Settings } from "./settings";
import "./settings.css";

interface Props {
  settings: Settings;
  onSave: (settings: Settings) => void;
  onClose: () => void;
}

/** Asks for the settings. The dialog element keeps the focus and closes on Escape. */
export function SettingsDialog({ settings, onSave, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [draft, setDraft] = useState(settings);
  const [isWrong, setWrong] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  function save(event: FormEvent) {
    event.preventDefault();
    const endpoint = draft.endpoint.trim() ? parseEndpoint(draft.endpoint) : defaultEndpoint();
    setWrong(endpoint === null);
    if (endpoint === null) return;
    onSave({ ...draft, endpoint, token: draft.token.trim() });
    dialog.current?.close();
  }

  return (
    <dialog ref={dialog} className="settings" aria-labelledby="settings-title" onClose={onClose}>
      <form onSubmit={save}>
        <h2 id="settings-title">Settings</h2>
        <label className="field">
          <span>GraphQL endpoint</span>
          <input
            type="text"
            inputMode="url"
            spellCheck={false}
            value={draft.endpoint}
            placeholder={defaultEndpoint()}
            aria-invalid={isWrong}
            aria-describedby="endpoint-hint"
            onChange={(event) => setDraft({ ...draft, endpoint: event.target.value })}
          />
          <small id="endpoint-hint" className={isWrong ? "danger" : undefined} role={isWrong ? "alert" : undefined}>
            {isWrong ? "This is no http or https address." : "Leave it empty for the default."}
          </small>
        </label>
        <label className="field">
          <span>Texter API token</span>
          <input
            type="password"
            autoComplete="off"
            value={draft.token}
            aria-describedby="token-hint"
            onChange={(event) => setDraft({ ...draft, token: event.target.value })}
          />
          <small id="token-hint">
            Kept in this tab only (sessionStorage) and gone when it closes. Sent to the endpoint above and nowhere
            else. The sandbox needs none.
          </small>
        </label>
        <fieldset className="field">
          <legend>Theme</legend>
          <div className="segments">
            {themes.map((theme) => (
              <label key={theme}>
                <input
                  type="radio"
                  name="theme"
                  checked={draft.theme === theme}
                  onChange={() => setDraft({ ...draft, theme })}
                />
                <span>{theme}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div className="settings-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button primary">
            Save
          </button>
        </div>
      </form>
    </dialog>
  );
}
