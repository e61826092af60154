import { useState } from "react";

import { useText } from "../texts/texts";
import { Icon } from "../ui/Icon";
import { Modal } from "../ui/Modal";
import { narrow, useMedia } from "../ui/useMedia";
import { FilterFields, type FieldsProps } from "./FilterFields";
import "./filter.css";
import { writeFilter } from "./filter";
import { SearchField } from "./SearchField";
import { setFilter } from "./useFilter";

/** All filters. On a narrow screen, all but the search are in a sheet. */
export function FilterBar(props: FieldsProps) {
  const { filter } = props;
  const text = useText();
  const isNarrow = useMedia(narrow);
  return (
    <div className="filters" role="search" aria-label={text("filter")}>
      <SearchField
        value={filter.search}
        // One step back undoes the whole search.
        onChange={(search) => setFilter({ ...filter, search }, filter.search !== "")}
      />
      {isNarrow ? <FilterSheet {...props} /> : <FilterFields {...props} />}
    </div>
  );
}

function FilterSheet(props: FieldsProps) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  const count = writeFilter({ ...props.filter, search: "" }).size;
  return (
    <>
      <button type="button" className={count > 0 ? "button chosen" : "button"} onClick={() => setOpen(true)}>
        <Icon name="settings" /> {text("filter.open", { count })}
      </button>
      {isOpen && (
        <Modal className="sheet" title={text("filter")} onClose={() => setOpen(false)}>
          {(close) => (
            <>
              <FilterFields {...props} />
              <button type="button" className="button primary" onClick={close}>
                {text("filter.done")}
              </button>
            </>
          )}
        </Modal>
      )}
    </>
  );
}
