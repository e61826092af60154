import type { Server } from "../server/request";
import { languages, type Language } from "../texts/texts";
import { defaultEndpoint, parseEndpoint } from "./endpoint";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export interface Settings extends Server {
  /** Whether the token outlives the tab. */
  keepsToken: boolean;
  theme: Theme;
  language: Language | "auto";
  /** Whether keys such as j and k do something. */
  hasShortcuts: boolean;
}

const keys = {
  endpoint: "inbox.endpoint",
  token: "inbox.token",
  theme: "inbox.theme",
  language: "inbox.language",
  shortcuts: "inbox.shortcuts",
};

/** Reads what was saved; a browser that forbids storage has nothing. */
export function loadSettings(): Settings {
  try {
    const kept = localStorage.getItem(keys.token);
    return {
      endpoint: parseEndpoint(localStorage.getItem(keys.endpoint) ?? "") ?? defaultEndpoint(),
      token: kept ?? sessionStorage.getItem(keys.token) ?? "",
      keepsToken: kept !== null,
      theme: themes.find((theme) => theme === localStorage.getItem(keys.theme)) ?? "auto",
      language: languages.find((language) => language === localStorage.getItem(keys.language)) ?? "auto",
      hasShortcuts: localStorage.getItem(keys.shortcuts) !== "off",
    };
  } catch {
    return {
      endpoint: defaultEndpoint(),
      token: "",
      keepsToken: false,
      theme: "auto",
      language: "auto",
      hasShortcuts: true,
    };
  }
}

/** Saves the settings: the token for as long as the tab is open unless it is to be kept, the rest for good. */
export function saveSettings({ endpoint, token, keepsToken, theme, language, hasShortcuts }: Settings): void {
  try {
    // The default is not saved, to stay right when the page moves.
    put(localStorage, keys.endpoint, endpoint === defaultEndpoint() ? "" : endpoint);
    put(localStorage, keys.theme, theme);
    put(localStorage, keys.language, language);
    put(localStorage, keys.shortcuts, hasShortcuts ? "" : "off");
    put(localStorage, keys.token, keepsToken ? token : "");
    put(sessionStorage, keys.token, keepsToken ? "" : token);
  } catch {
    // The settings then hold until the page is left.
  }
}

function put(storage: Storage, key: string, value: string): void {
  if (value) storage.setItem(key, value);
  else storage.removeItem(key);
}
