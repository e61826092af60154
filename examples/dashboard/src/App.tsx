import { useLayoutEffect, useMemo, useState } from "react";
import { RelayEnvironmentProvider } from "react-relay";

import { Inbox } from "./inbox/Inbox";
import { createEnvironment } from "./server/environment";
import { OpenSettings } from "./settings/OpenSettings";
import { loadSettings, saveSettings, type Settings } from "./settings/settings";
import { SettingsDialog } from "./settings/SettingsDialog";

/** The inbox of the server that the settings name. */
export function App() {
  const [settings, setSettings] = useState(loadSettings);
  const [isOpen, setOpen] = useState(false);
  const { endpoint, token, theme } = settings;
  const environment = useMemo(() => createEnvironment({ endpoint, token }), [endpoint, token]);

  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme; // see tokens.css
  }, [theme]);

  function save(changed: Settings) {
    saveSettings(changed);
    setSettings(changed);
  }

  return (
    <OpenSettings value={() => setOpen(true)}>
      <RelayEnvironmentProvider environment={environment}>
        {/* Another server or another caller: nothing of the old inbox may stay. */}
        <Inbox key={`${endpoint} ${token}`} endpoint={endpoint} />
      </RelayEnvironmentProvider>
      {isOpen && <SettingsDialog settings={settings} onSave={save} onClose={() => setOpen(false)} />}
    </OpenSettings>
  );
}
