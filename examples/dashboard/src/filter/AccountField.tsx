import { useState } from "react";

import { searchableNetworks, type SearchableNetwork } from "../chats/networks";
import { useText } from "../texts/texts";
import type { Account } from "./filter";
import { PickOrType } from "./PickOrType";
import { PopoverForm } from "./PopoverForm";
import { accountKey, type Seen } from "./useSeen";

interface Props {
  value: Account | null;
  seen: Seen["accounts"];
  onChange: (account: Account | null) => void;
}

/** Narrows to one account: of those seen, by network, or by hand. */
export function AccountField({ value, seen, onChange }: Props) {
  const text = useText();
  const accounts = new Map(seen);
  if (value) accounts.set(accountKey(value), value); // typed by hand, so maybe never seen
  const sorted = [...accounts].sort(([a], [b]) => a.localeCompare(b));
  return (
    <PickOrType
      name={text("account")}
      all={text("account.all")}
      other={text("account.other")}
      value={value ? accountKey(value) : ""}
      onChange={(key) => onChange(accounts.get(key) ?? null)}
      form={(done) => <AccountForm onChange={onChange} done={done} />}
    >
      {searchableNetworks.map((network) => {
        const name = text(`network.${network}`);
        const options = sorted.filter(([, account]) => account.network === network);
        if (options.length === 0) return null;
        return (
          <optgroup key={network} label={name}>
            {options.map(([key, { accountId }]) => (
              <option key={key} value={key}>
                {name} · {accountId}
              </option>
            ))}
          </optgroup>
        );
      })}
    </PickOrType>
  );
}

function AccountForm({ onChange, done }: Pick<Props, "onChange"> & { done: () => void }) {
  const text = useText();
  const [network, setNetwork] = useState<SearchableNetwork>("WHATSAPP");
  const [accountId, setAccountId] = useState("");
  return (
    <PopoverForm onApply={() => onChange({ network, accountId: accountId.trim() })} onDone={done}>
      <label className="field">
        <span>{text("account.network")}</span>
        <select
          className="control"
          autoFocus
          value={network}
          onChange={(event) => setNetwork(event.target.value as SearchableNetwork)}
        >
          {searchableNetworks.map((key) => (
            <option key={key} value={key}>
              {text(`network.${key}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{text("account.id")}</span>
        <input
          className="control"
          required
          dir="ltr"
          pattern=".*\S.*"
          value={accountId}
          onChange={(event) => setAccountId(event.target.value)}
        />
      </label>
    </PopoverForm>
  );
}
