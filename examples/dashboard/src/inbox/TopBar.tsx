import { useState } from "react";

import type { Filter } from "../filter/filter";
import { useLoads } from "../loading/Loads";
import { useOpenSettings } from "../settings/OpenSettings";
import { useText } from "../texts/texts";
import { Icon } from "../ui/Icon";
import { SavedViews } from "../views/SavedViews";

/** What this is, and what can be done with all of it. */
export function TopBar({ endpoint, filter }: { endpoint: string; filter: Filter }) {
  const text = useText();
  const loads = useLoads();
  const openSettings = useOpenSettings();
  const [isRefreshing, setRefreshing] = useState(false);

  function refresh() {
    setRefreshing(true);
    void loads.refresh().then(() => setRefreshing(false));
  }

  return (
    <header className="top-bar">
      <img src="./icon.svg" alt="" width="32" height="32" />
      <h1>{text("title")}</h1>
      <bdi className="endpoint" title={endpoint}>
        {new URL(endpoint).host}
      </bdi>
      <SavedViews filter={filter} />
      <button
        type="button"
        className={isRefreshing ? "button turning" : "button"}
        aria-disabled={isRefreshing}
        onClick={refresh}
      >
        <Icon name="refresh" /> <span className="button-text">{text("refresh")}</span>
      </button>
      <button type="button" className="button" onClick={openSettings}>
        <Icon name="settings" /> <span className="button-text">{text("settings")}</span>
      </button>
    </header>
  );
}
