import { useCallback, useState } from "react";

import { isSearchable } from "../chats/networks";
import type { Account } from "./filter";

/** What the filters offer: the API has no list of accounts or labels, but the rows name them. */
export interface Seen {
  accounts: ReadonlyMap<string, Account>;
  labels: ReadonlySet<string>;
}

/** What is learned from. */
export interface SeenRow {
  readonly channel: { readonly name?: string | null; readonly accountId?: string | null } | null | undefined;
  readonly labels: readonly string[];
}

export const accountKey = ({ network, accountId }: Account) => `${network} ${accountId}`;

/** Collects the accounts and labels of all rows that were ever shown. */
export function useSeen(): [Seen, (rows: readonly SeenRow[]) => void] {
  const [seen, setSeen] = useState<Seen>({ accounts: new Map(), labels: new Set() });
  const add = useCallback((rows: readonly SeenRow[]) => {
    setSeen((before) => {
      const accounts = new Map(before.accounts);
      const labels = new Set(before.labels);
      for (const row of rows) {
        for (const label of row.labels) labels.add(label);
        const { name, accountId } = row.channel ?? {};
        if (!isSearchable(name) || accountId == null) continue;
        const account = { network: name, accountId };
        accounts.set(accountKey(account), account);
      }
      const grew = accounts.size > before.accounts.size || labels.size > before.labels.size;
      return grew ? { accounts, labels } : before;
    });
  }, []);
  return [seen, add];
}
