import { statuses, type Status } from "../chats/statuses";
import { useText } from "../texts/texts";
import { Box, ChoiceField } from "./ChoiceField";

interface Props {
  value: readonly Status[];
  onChange: (statuses: readonly Status[]) => void;
}

/** Narrows to chats in any of some statuses; the tiles choose one of them. */
export function StatusField({ value, onChange }: Props) {
  const text = useText();
  return (
    <ChoiceField
      name={text("statuses")}
      summary={value.map((status) => text(`status.${status}`)).join(", ") || text("statuses.all")}
      legend={text("statuses.legend")}
      value={value}
      onChange={(chosen) => onChange(statuses.filter((status) => chosen.includes(status)))}
    >
      {(chosen, choose) =>
        statuses.map((status) => (
          <Box key={status} id={status} chosen={chosen} onChange={choose}>
            <span className="badge" data-status={status}>
              {text(`status.${status}`)}
            </span>
          </Box>
        ))
      }
    </ChoiceField>
  );
}
