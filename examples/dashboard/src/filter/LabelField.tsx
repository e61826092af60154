import { useEffect } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";

import type { LabelFieldQuery } from "../__generated__/LabelFieldQuery.graphql";
import { textOf, type Label } from "../chats/label";
import { LabelChip } from "../chats/Labels";
import { ErrorNotice } from "../errors/ErrorNotice";
import { Loadable } from "../loading/Loadable";
import { useText } from "../texts/texts";
import { Box, ChoiceField } from "./ChoiceField";
import type { SeenRow } from "./useSeen";

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

type Names = ReadonlyMap<string, Label>;

interface Props {
  value: readonly string[];
  /** The labels that are known so far; others are called by their ids. */
  names: Names;
  /** Called with labels that became known. */
  onSeen: (rows: readonly SeenRow[]) => void;
  onChange: (labels: readonly string[]) => void;
}

const labelOf = (id: string, names: Names): Label => names.get(id) ?? { id, name: null, color: null };

/** Narrows to chats that have any of some labels. */
export function LabelField({ value, names, onSeen, onChange }: Props) {
  const text = useText();
  return (
    <ChoiceField
      name={text("labels")}
      summary={value.map((id) => textOf(labelOf(id, names))).join(", ") || text("labels.all")}
      legend={text("labels.legend")}
      value={value}
      onChange={onChange}
    >
      {(chosen, choose) => {
        const options = { before: value.map((id) => labelOf(id, names)), chosen, onChange: choose };
        return (
          <Loadable<LabelFieldQuery>
            query={labelsQuery}
            variables={noVariables}
            loading={
              <>
                <Options {...options} />
                <p role="status">{text("labels.loading")}</p>
              </>
            }
            failed={(failure) => (
              <>
                <Options {...options} />
                <ErrorNotice what={text("error.labels")} {...failure} />
              </>
            )}
          >
            {() => <LoadedOptions {...options} onSeen={onSeen} />}
          </Loadable>
        );
      }}
    </ChoiceField>
  );
}

interface OptionsProps {
  /** The labels that were chosen when the form opened. They are offered even if the list lacks them. */
  before: readonly Label[];
  listed?: readonly Label[] | null;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

function LoadedOptions({ onSeen, ...options }: OptionsProps & Pick<Props, "onSeen">) {
  const { labels } = useLazyLoadQuery<LabelFieldQuery>(labelsQuery, noVariables, { fetchPolicy: "store-only" });
  useEffect(() => onSeen([{ labels: labels ?? [] }]), [labels, onSeen]);
  return <Options listed={labels} {...options} />;
}

/** A box to check for each label, in the order of the server. */
function Options({ before, listed, chosen, onChange }: OptionsProps) {
  const labels = new Map([...before, ...(listed ?? [])].map((label) => [label.id, label])); // the listed name is newer
  return (
    <div className="options">
      {[...labels.values()].map((label) => (
        <Box key={label.id} id={label.id} chosen={chosen} onChange={onChange}>
          <LabelChip label={label} />
        </Box>
      ))}
    </div>
  );
}
