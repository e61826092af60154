import { useEffect, useEffectEvent, useState } from "react";

import { useText } from "../texts/texts";
import { Icon } from "../ui/Icon";
import { isTooShort } from "./filter";

interface Props {
  value: string;
  onChange: (search: string) => void;
}

/** How long a search waits for the next key, in milliseconds. */
const debounce = 300;

/** Searches names and phone numbers, and says so while there is too little to search for. */
export function SearchField({ value, onChange }: Props) {
  const text = useText();
  const [draft, setDraft] = useState(value);
  const settle = useEffectEvent(() => draft !== value && onChange(draft));

  useEffect(() => setDraft(value), [value]); // changed from elsewhere, such as by a step back
  useEffect(() => {
    const timer = setTimeout(() => settle(), debounce);
    return () => clearTimeout(timer);
  }, [draft]);

  return (
    <div className="search">
      <Icon name="search" />
      <input
        type="search"
        className="control"
        aria-label={text("search")}
        aria-describedby="search-hint"
        placeholder={text("search.placeholder")}
        dir={draft ? "auto" : undefined}
        autoComplete="off"
        spellCheck={false}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <p id="search-hint" className="search-hint" role="status">
        {isTooShort(draft) && text("search.short")}
      </p>
    </div>
  );
}
