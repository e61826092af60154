import { useLayoutEffect, useMemo, useState } from "react";
import { IntlProvider } from "react-intl";
import { RelayEnvironmentProvider } from "react-relay";

import { Inbox } from "./inbox/Inbox";
import { Loads, LoadsProvider } from "./loading/Loads";
import { createEnvironment } from "./server/environment";
import { OpenSettings } from "./settings/OpenSettings";
import { loadSettings, saveSettings, type Settings } from "./settings/settings";
import { SettingsDialog } from "./settings/SettingsDialog";
import { localeOf, LocaleProvider, texts } from "./texts/texts";

/** The inbox of the server that the settings name. */
export function App() {
  const [settings, setSettings] = useState(loadSettings);
  const [isOpen, setOpen] = useState(false);
  const { endpoint, token, theme, language } = settings;
  const environment = useMemo(() => createEnvironment({ endpoint, token }), [endpoint, token]);
  const loads = useMemo(() => new Loads(), []);
  const locale = useMemo(() => localeOf(language), [language]);

  useLayoutEffect(() => {
    Object.assign(document.documentElement, { lang: locale.tag, dir: locale.dir });
    document.documentElement.dataset.theme = theme; // see tokens.css
  }, [theme, locale]);

  function save(changed: Settings) {
    saveSettings(changed);
    setSettings(changed);
    const isSame = changed.endpoint === endpoint && changed.token === token;
    if (isSame) void loads.retry(); // to save the same is to say: try again
  }

  return (
    <IntlProvider locale={locale.tag} messages={texts[locale.language]}>
      <LocaleProvider value={locale}>
        <LoadsProvider value={loads}>
          <OpenSettings value={() => setOpen(true)}>
            <RelayEnvironmentProvider environment={environment}>
              {/* Another server or another caller: nothing of the old inbox may stay. */}
              <Inbox key={`${endpoint} ${token}`} endpoint={endpoint} hasShortcuts={settings.hasShortcuts} />
            </RelayEnvironmentProvider>
            {isOpen && <SettingsDialog settings={settings} onSave={save} onClose={() => setOpen(false)} />}
          </OpenSettings>
        </LoadsProvider>
      </LocaleProvider>
    </IntlProvider>
  );
}
