import { Icon } from "../ui/Icon";
import { isTooShort } from "./filter";

interface Props {
  value: string;
  onChange: (search: string) => void;
}

/** Searches names and phone numbers, and says so while there is too little to search for. */
export function SearchField({ value, onChange }: Props) {
  return (
    <div className="search">
      <Icon name="search" />
      <input
        type="search"
        className="control"
        aria-label="Search by name or phone number"
        aria-describedby="search-hint"
        placeholder="Search name or phone…"
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id="search-hint" className="search-hint" role="status">
        {isTooShort(value) && "One more character, please: a search needs at least 2."}
      </p>
    </div>
  );
}
