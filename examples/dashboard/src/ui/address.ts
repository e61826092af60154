import { useMemo, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener); // back and forward
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

/** The query of the page's address. Equal addresses give the same object. */
export function useQuery(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

/** Goes to another query: by a step in the browser's history, or in place of the last step. */
export function setQuery(query: URLSearchParams, isSameStep: boolean): void {
  const to = addressOf(query);
  if (to === location.pathname + location.search) return;
  if (isSameStep) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  for (const notify of listeners) notify();
}

/** The address of the page with a query. */
export function addressOf(query: URLSearchParams): string {
  return location.pathname + (query.size > 0 ? `?${query}` : "");
}

const chatKey = "chat";

/** The id of the chat that is open; null when none is. */
export const useOpenChat = () => useQuery().get(chatKey);

/** The query of now, with another chat open, or with none. */
export function withChat(id: string | null): URLSearchParams {
  const query = new URLSearchParams(location.search);
  if (id === null) query.delete(chatKey);
  else query.set(chatKey, id);
  return query;
}

/** Opens a chat, or closes the one that is open. Only the first to be opened is a step in the history. */
export function openChat(id: string | null): void {
  setQuery(withChat(id), id === null || new URLSearchParams(location.search).has(chatKey));
}
