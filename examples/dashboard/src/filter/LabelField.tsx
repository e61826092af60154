import { useRef, useState } from "react";
import { graphql, usePreloadedQuery, type PreloadedQuery } from "react-relay";

import type { LabelFieldQuery } from "../__generated__/LabelFieldQuery.graphql";
import { textOf, type Label } from "../chats/label";
import { LabelChip } from "../chats/Labels";
import { ErrorNotice } from "../errors/ErrorNotice";
import { Loadable } from "../errors/Loadable";
import { PopoverForm } from "./PopoverForm";

const labelsQuery = graphql`
  query LabelFieldQuery {
    labels {
      id
      name
      color
    }
  }
`;

const noVariables = {};

interface Props {
  value: readonly Label[];
  onChange: (labels: readonly Label[]) => void;
}

/** Narrows to chats that have any of some labels. */
export function LabelField({ value, onChange }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);

  function done() {
    setOpen(false);
    button.current?.focus(); // which was in the form that goes
  }

  return (
    <div className="pick" onKeyDown={(event) => isOpen && event.key === "Escape" && done()}>
      <button
        ref={button}
        type="button"
        className={value.length > 0 ? "control chosen" : "control"}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="visually-hidden">Labels: </span>
        {value.map(textOf).join(", ") || "All labels"}
      </button>
      {isOpen && <LabelForm value={value} onChange={onChange} done={done} />}
    </div>
  );
}

function LabelForm({ value, onChange, done }: Props & { done: () => void }) {
  const [chosen, setChosen] = useState(value);
  const options = { before: value, chosen, onChange: setChosen };
  return (
    <PopoverForm onApply={() => onChange(chosen)} onDone={done}>
      <fieldset className="field">
        <legend>Chats with any of these labels</legend>
        <Loadable<LabelFieldQuery>
          query={labelsQuery}
          variables={noVariables}
          loading={
            <>
              <Options {...options} />
              <p role="status">Loading all labels…</p>
            </>
          }
          failed={(failure) => (
            <>
              <Options {...options} />
              <ErrorNotice what="No list of labels." {...failure} />
            </>
          )}
        >
          {(loaded) => <LoadedOptions loaded={loaded} {...options} />}
        </Loadable>
      </fieldset>
    </PopoverForm>
  );
}

interface OptionsProps {
  /** The labels that were chosen when the form opened. They are offered even if the list lacks them. */
  before: readonly Label[];
  listed?: readonly Label[] | null;
  chosen: readonly Label[];
  onChange: (chosen: readonly Label[]) => void;
}

function LoadedOptions({ loaded, ...options }: OptionsProps & { loaded: PreloadedQuery<LabelFieldQuery> }) {
  const { labels } = usePreloadedQuery<LabelFieldQuery>(labelsQuery, loaded);
  return <Options listed={labels} {...options} />;
}

/** A box to check for each label, in the order of the server. */
function Options({ before, listed, chosen, onChange }: OptionsProps) {
  const labels = new Map([...before, ...(listed ?? [])].map((label) => [label.id, label])); // the listed name is newer
  return (
    <div className="options">
      {[...labels.values()].map((label) => (
        <label key={label.id} className="check">
          <input
            type="checkbox"
            checked={chosen.some(({ id }) => id === label.id)}
            onChange={({ target }) => {
              const others = chosen.filter(({ id }) => id !== label.id);
              onChange(target.checked ? [...others, label] : others);
            }}
          />
          <LabelChip label={label} />
        </label>
      ))}
    </div>
  );
}
