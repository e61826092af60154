import type { ChatStatus } from "../__generated__/ChatRow_chat.graphql";

/** The statuses of the schema, in the order of the tiles. */
export const statuses = ["PENDING", "ASSIGNED", "BOT", "RESOLVED", "BULK"] as const satisfies ChatStatus[];

export type Status = (typeof statuses)[number];

/** Whether this dashboard knows the status; a newer server can have more. */
export function isStatus(status: string | null | undefined): status is Status {
  return statuses.some((known) => known === status);
}
