import { useState, type FormEvent, type ReactNode } from "react";

import { languages, useText } from "../texts/texts";
import { Modal, type Close } from "../ui/Modal";
import { defaultEndpoint, parseEndpoint } from "./endpoint";
import { themes, type Settings } from "./settings";
import "./settings.css";

interface Props {
  settings: Settings;
  onSave: (settings: Settings) => void;
  onClose: () => void;
}

/** Asks for the settings: the token first, which is what most come for. */
export function SettingsDialog({ settings, onSave, onClose }: Props) {
  const text = useText();
  return (
    <Modal className="settings" title={text("settings")} onClose={onClose}>
      {(close) => <SettingsForm settings={settings} onSave={onSave} close={close} />}
    </Modal>
  );
}

function SettingsForm({ settings, onSave, close }: Omit<Props, "onClose"> & { close: Close }) {
  const text = useText();
  const [draft, setDraft] = useState(settings);
  const [isWrong, setWrong] = useState(false);
  const set = (change: Partial<Settings>) => setDraft({ ...draft, ...change });

  function save(event: FormEvent) {
    event.preventDefault();
    const endpoint = draft.endpoint.trim() ? parseEndpoint(draft.endpoint) : defaultEndpoint();
    setWrong(endpoint === null);
    if (endpoint === null) return;
    onSave({ ...draft, endpoint, token: draft.token.trim() });
    close();
  }

  return (
    <form onSubmit={save}>
      <label className="field">
        <span>{text("settings.token")}</span>
        <input
          type="password"
          dir="ltr"
          autoComplete="off"
          value={draft.token}
          aria-describedby="token-hint"
          onChange={(event) => set({ token: event.target.value })}
        />
        <small id="token-hint">{text("settings.tokenHint")}</small>
      </label>
      <Check
        checked={draft.keepsToken}
        onChange={(keepsToken) => set({ keepsToken })}
        label={text("settings.keep")}
        hint={text("settings.keepHint")}
      />
      <Segments legend={text("settings.theme")}>
        {themes.map((theme) => (
          <Segment key={theme} name="theme" checked={draft.theme === theme} onChoose={() => set({ theme })}>
            {text(`theme.${theme}`)}
          </Segment>
        ))}
      </Segments>
      <Segments legend={text("settings.language")}>
        {(["auto", ...languages] as const).map((language) => (
          <Segment key={language} name="language" checked={draft.language === language} onChoose={() => set({ language })}>
            {text(`language.${language}`)}
          </Segment>
        ))}
      </Segments>
      <Check
        checked={draft.hasShortcuts}
        onChange={(hasShortcuts) => set({ hasShortcuts })}
        label={text("settings.shortcuts")}
        hint={text("settings.shortcutsHint")}
      />
      <label className="field">
        <span>{text("settings.endpoint")}</span>
        <input
          type="text"
          dir="ltr"
          inputMode="url"
          spellCheck={false}
          value={draft.endpoint}
          placeholder={defaultEndpoint()}
          aria-invalid={isWrong}
          aria-describedby="endpoint-hint"
          onChange={(event) => set({ endpoint: event.target.value })}
        />
        <small id="endpoint-hint" className={isWrong ? "danger" : undefined} role={isWrong ? "alert" : undefined}>
          {text(isWrong ? "settings.endpointWrong" : "settings.endpointHint")}
        </small>
      </label>
      <div className="settings-actions">
        <button type="button" className="button" onClick={close}>
          {text("cancel")}
        </button>
        <button type="submit" className="button primary">
          {text("save")}
        </button>
      </div>
    </form>
  );
}

interface CheckProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  hint: string;
}

function Check({ checked, onChange, label, hint }: CheckProps) {
  return (
    <label className="check settings-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        <small>{hint}</small>
      </span>
    </label>
  );
}

function Segments({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="field">
      <legend>{legend}</legend>
      <div className="segments">{children}</div>
    </fieldset>
  );
}

interface SegmentProps {
  name: string;
  checked: boolean;
  onChoose: () => void;
  children: ReactNode;
}

function Segment({ name, checked, onChoose, children }: SegmentProps) {
  return (
    <label>
      <input type="radio" name={name} checked={checked} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}
