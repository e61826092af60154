import { useRef, useState } from "react";

import { writeFilter, type Filter } from "../filter/filter";
import { PopoverForm } from "../filter/PopoverForm";
import { isolate, useText } from "../texts/texts";
import { addressOf, setQuery } from "../ui/address";
import { Icon } from "../ui/Icon";
import { loadViews, saveViews, type View } from "./views";
import "./views.css";

/** Filters by name, kept in this browser: to go to one, to save the one in use, to delete one. */
export function SavedViews({ filter }: { filter: Filter }) {
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [views, setViews] = useState(loadViews);
  const [name, setName] = useState("");
  const query = writeFilter(filter).toString();
  const current = views.find((view) => view.query === query);

  function keep(changed: View[]) {
    setViews(changed);
    saveViews(changed);
  }
  function done() {
    setOpen(false);
    button.current?.focus(); // which was in the form that goes
  }
  function save() {
    const others = views.filter((view) => view.name !== name.trim());
    keep([...others, { name: name.trim(), query }]);
    setName("");
  }

  return (
    <div className="pick views" onKeyDown={(event) => isOpen && event.key === "Escape" && done()}>
      <button
        ref={button}
        type="button"
        className="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="bookmark" /> <bdi>{current?.name ?? text("views")}</bdi>
      </button>
      {isOpen && (
        <PopoverForm submit={text("save")} onApply={save} onDone={done}>
          {views.length === 0 ? (
            <p>{text("views.none")}</p>
          ) : (
            <ul aria-label={text("views.saved")}>
              {views.map((view) => (
                <li key={view.name}>
                  <a
                    href={addressOf(new URLSearchParams(view.query))}
                    aria-current={view === current ? "page" : undefined}
                    onClick={(event) => {
                      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
                      event.preventDefault();
                      setQuery(new URLSearchParams(view.query), false);
                      done();
                    }}
                  >
                    <bdi>{view.name}</bdi>
                  </a>
                  <button
                    type="button"
                    className="button quiet"
                    aria-label={text("views.delete", { name: isolate(view.name) })}
                    onClick={() => keep(views.filter((other) => other !== view))}
                  >
                    <Icon name="close" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <label className="field">
            <span>{text("views.name")}</span>
            <input
              className="control"
              dir="auto"
              required
              pattern=".*\S.*"
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
        </PopoverForm>
      )}
    </div>
  );
}
