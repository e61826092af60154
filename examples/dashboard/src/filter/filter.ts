import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import { isSearchable, type SearchableNetwork } from "../chats/networks";
import { isStatus, type Status } from "../chats/statuses";

/** One account of the business on one network. */
export interface Account {
  network: SearchableNetwork;
  accountId: string;
}

/** What the controls show, and what the address of the page says. */
export interface Filter {
  search: string;
  account: Account | null;
  /** The ids of labels: chats have any of them; all chats if there are none. */
  labels: readonly string[];
  /** Chats are in any of them; in any at all if there are none. */
  statuses: readonly Status[];
  withoutMessages: boolean;
}

export const noFilter: Filter = {
  search: "",
  account: null,
  labels: [],
  statuses: [],
  withoutMessages: false,
};

/** The most labels that the server takes. */
const mostLabels = 100;

/** Reads a filter from an address. What it does not know there, it leaves out. */
export function readFilter(query: URLSearchParams): Filter {
  const [network, accountId] = split(query.get("account") ?? "");
  return {
    search: query.get("q") ?? "",
    account: isSearchable(network) && accountId ? { network, accountId } : null,
    labels: [...new Set(query.getAll("label"))].filter(Boolean).slice(0, mostLabels),
    statuses: [...new Set(query.getAll("status"))].filter(isStatus),
    withoutMessages: query.get("empty") === "yes",
  };
}

/** Writes a filter into an address: only what narrows, in a fixed order. */
export function writeFilter({ search, account, labels, statuses, withoutMessages }: Filter): URLSearchParams {
  const query = new URLSearchParams();
  if (search.trim()) query.set("q", search);
  for (const status of statuses) query.append("status", status);
  for (const label of labels) query.append("label", label);
  if (account) query.set("account", `${account.network}:${account.accountId}`);
  if (withoutMessages) query.set("empty", "yes");
  return query;
}

/** The parts before and after the first colon. */
function split(text: string): [string, string] {
  const at = text.indexOf(":");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

const shortestSearch = 2;

/** Whether something is searched for that the server would refuse as too short. */
export function isTooShort(search: string): boolean {
  const { length } = [...search.trim()]; // characters, as the server counts them
  return length > 0 && length < shortestSearch;
}

/** The filter of the counts, as the server takes it. Each count adds a status of its own. */
export function toCountsFilter({ search, account, labels, withoutMessages }: Filter) {
  return {
    search: isTooShort(search) ? null : search.trim() || null,
    channel: account && { name: account.network, accountId: account.accountId },
    labels,
    showNoMessages: withoutMessages,
  };
}

/** The filter of the rows: that of the counts, in some statuses. */
export function toChatFilter(filter: Filter): ChatFilter {
  const { statuses } = filter;
  return { ...toCountsFilter(filter), statuses: statuses.length > 0 ? statuses : null };
}

/** Whether anything is filtered at all. */
export function isFiltered(filter: Filter): boolean {
  return writeFilter(filter).size > 0;
}
