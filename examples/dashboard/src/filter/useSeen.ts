import { useCallback, useState } from "react";

import { isSearchable } from "../chats/networks";
import type { Account } from "./filter";

/** The accounts of the rows so far, which the filter offers: the API has no list of accounts. */
export type SeenAccounts = ReadonlyMap<string, Account>;

/** What an account is learned from. */
export interface SeenRow {
  readonly channel: { readonly name?: string | null; readonly accountId?: string | null } | null | undefined;
}

export const accountKey = ({ network, accountId }: Account) => `${network} ${accountId}`;

/** Collects the accounts of all rows that were ever shown. */
export function useSeen(): [SeenAccounts, (rows: readonly SeenRow[]) => void] {
  const [seen, setSeen] = useState<SeenAccounts>(new Map());
  const add = useCallback((rows: readonly SeenRow[]) => {
    setSeen((before) => {
      const accounts = new Map(before);
      for (const { channel } of rows) {
        const { name, accountId } = channel ?? {};
        if (!isSearchable(name) || accountId == null) continue;
        const account = { network: name, accountId };
        accounts.set(accountKey(account), account);
      }
      return accounts.size > before.size ? accounts : before;
    });
  }, []);
  return [seen, add];
}
