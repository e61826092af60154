import type { Server } from "../server/request";
import { defaultEndpoint, parseEndpoint } from "./endpoint";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export interface Settings extends Server {
  theme: Theme;
}

const keys = { endpoint: "inbox.endpoint", token: "inbox.token", theme: "inbox.theme" };

/** Reads what was saved; a browser that forbids storage has nothing. */
export function loadSettings(): Settings {
  try {
    const theme = themes.find((t) => t === localStorage.getItem(keys.theme));
    return {
      endpoint: parseEndpoint(localStorage.getItem(keys.endpoint) ?? "") ?? defaultEndpoint(),
      token: sessionStorage.getItem(keys.token) ?? "",
      theme: theme ?? "auto",
    };
  } catch {
    return { endpoint: defaultEndpoint(), token: "", theme: "auto" };
  }
}

/** Saves the settings: the token for as long as the tab is open, the rest for good. */
export function saveSettings({ endpoint, token, theme }: Settings): void {
  try {
    // The default is not saved, to stay right when the page moves.
    put(localStorage, keys.endpoint, endpoint === defaultEndpoint() ? "" : endpoint);
    put(localStorage, keys.theme, theme);
    put(sessionStorage, keys.token, token);
  } catch {
    // The settings then hold until the page is left.
  }
}

function put(storage: Storage, key: string, value: string): void {
  if (value) storage.setItem(key, value);
  else storage.removeItem(key);
}
