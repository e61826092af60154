import type { ChatStatus } from "../__generated__/ChatRow_chat.graphql";
import { useText } from "../texts/texts";
import { isStatus } from "./statuses";

interface Props {
  status: ChatStatus | null | undefined;
  code: number | null | undefined;
}

/** The status by name; one that is not known yet by its number. */
export function StatusBadge({ status, code }: Props) {
  const text = useText();
  const isKnown = isStatus(status);
  const unknown = code == null ? text("status.none") : text("status.number", { code });
  return (
    <span
      className="badge"
      data-status={status ?? "UNKNOWN"}
      title={text(isKnown ? `meaning.${status}` : "meaning.unknown")}
    >
      {isKnown ? text(`status.${status}`) : unknown}
    </span>
  );
}
