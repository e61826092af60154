import type { ChatStatus } from "../__generated__/ChatRow_chat.graphql";
import { isStatus, statusTexts } from "./statuses";

interface Props {
  status: ChatStatus | null | undefined;
  code: number | null | undefined;
}

/** The status by name; one that is not known yet by its number. */
export function StatusBadge({ status, code }: Props) {
  const { name, meaning } = isStatus(status) ? statusTexts[status] : unknown(code);
  return (
    <span className="badge" data-status={status ?? "UNKNOWN"} title={meaning}>
      {name}
    </span>
  );
}

function unknown(code: number | null | undefined) {
  return { name: code == null ? "No status" : `Status ${code}`, meaning: "A status that this dashboard does not know" };
}
