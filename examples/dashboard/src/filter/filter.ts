import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import type { Label } from "../chats/label";
import type { SearchableNetwork } from "../chats/networks";
import type { Status } from "../chats/statuses";

/** One account of the business on one network. */
export interface Account {
  network: SearchableNetwork;
  accountId: string;
}

/** What the controls show. */
export interface Filter {
  search: string;
  account: Account | null;
  /** Chats have any of them; all chats if there are none. */
  labels: readonly Label[];
  status: Status | null;
  withoutMessages: boolean;
}

export const noFilter: Filter = {
  search: "",
  account: null,
  labels: [],
  status: null,
  withoutMessages: false,
};

const shortestSearch = 2;

/** Whether something is searched for that the server would refuse as too short. */
export function isTooShort(search: string): boolean {
  const { length } = [...search.trim()]; // characters, as the server counts them
  return length > 0 && length < shortestSearch;
}

/** What to search for; null while there is nothing, or too little. */
export function toSearch(text: string): string | null {
  return isTooShort(text) ? null : text.trim() || null;
}

/** The filter of the counts, as the server takes it. Each count adds a status of its own. */
export function toCountsFilter(search: string | null, {
  account,
  labels,
  withoutMessages,
}: Pick<Filter, "account" | "labels" | "withoutMessages">) {
  return {
    search,
    channel: account && { name: account.network, accountId: account.accountId },
    labels: labels.map(({ id }) => id),
    showNoMessages: withoutMessages,
  };
}

/** The filter of the rows: that of the counts, in one status. */
export function toChatFilter(counts: ReturnType<typeof toCountsFilter>, status: Status | null): ChatFilter {
  return { ...counts, statuses: status && [status] };
}

/** Whether anything is filtered at all. */
export function isFiltered(filter: Filter): boolean {
  return JSON.stringify(filter) !== JSON.stringify(noFilter);
}
