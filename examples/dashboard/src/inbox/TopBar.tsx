import { useOpenSettings } from "../settings/OpenSettings";
import { Icon } from "../ui/Icon";

interface Props {
  endpoint: string;
  isRefreshing: boolean;
  onRefresh: () => void;
}

/** What this is, and what can be done with all of it. */
export function TopBar({ endpoint, isRefreshing, onRefresh }: Props) {
  const openSettings = useOpenSettings();
  return (
    <header className="top-bar">
      <img src="./icon.svg" alt="" width="32" height="32" />
      <h1>Inbox</h1>
      <span className="endpoint" title={endpoint}>
        {new URL(endpoint).host}
      </span>
      <button
        type="button"
        className={isRefreshing ? "button turning" : "button"}
        aria-disabled={isRefreshing}
        onClick={onRefresh}
      >
        <Icon name="refresh" /> Refresh
      </button>
      <button type="button" className="button" onClick={openSettings}>
        <Icon name="settings" /> Settings
      </button>
    </header>
  );
}
