import { useCallback, useState } from "react";

import type { Label } from "../chats/label";
import { isSearchable } from "../chats/networks";
import type { Account } from "./filter";

/** What the rows so far have told: the API has no list of accounts, and an address has labels by id only. */
export interface Seen {
  accounts: ReadonlyMap<string, Account>;
  labels: ReadonlyMap<string, Label>;
}

/** What is learned from. */
export interface SeenRow {
  readonly channel?: { readonly name?: string | null; readonly accountId?: string | null } | null;
  readonly labels: readonly Label[];
}

export const accountKey = ({ network, accountId }: Account) => `${network} ${accountId}`;

/** Collects the accounts and labels of all rows that were ever shown. */
export function useSeen(): [Seen, (rows: readonly SeenRow[]) => void] {
  const [seen, setSeen] = useState<Seen>({ accounts: new Map(), labels: new Map() });
  const add = useCallback((rows: readonly SeenRow[]) => {
    setSeen((before) => {
      const accounts = new Map(before.accounts);
      const labels = new Map(before.labels);
      for (const row of rows) {
        const { name, accountId } = row.channel ?? {};
        if (isSearchable(name) && accountId != null) {
          const account = { network: name, accountId };
          accounts.set(accountKey(account), account);
        }
        for (const label of row.labels) if (label.name != null) labels.set(label.id, label);
      }
      const isMore = accounts.size > before.accounts.size || labels.size > before.labels.size;
      return isMore ? { accounts, labels } : before;
    });
  }, []);
  return [seen, add];
}
