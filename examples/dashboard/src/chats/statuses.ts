import type { ChatStatus } from "../__generated__/ChatRow_chat.graphql";

/** The statuses of the schema, in the order of the tiles. */
export const statuses = ["PENDING", "ASSIGNED", "BOT", "RESOLVED", "BULK"] as const satisfies ChatStatus[];

export type Status = (typeof statuses)[number];

export const statusTexts: Record<Status, { name: string; meaning: string }> = {
  BOT: { name: "Bot", meaning: "A bot answers" },
  PENDING: { name: "Pending", meaning: "Waits for an agent" },
  ASSIGNED: { name: "Assigned", meaning: "An agent has it" },
  RESOLVED: { name: "Resolved", meaning: "Done" },
  BULK: { name: "Bulk", meaning: "Was sent to in bulk" },
};

/** Whether this dashboard knows the status; a newer server can have more. */
export function isStatus(status: string | null | undefined): status is Status {
  return statuses.some((known) => known === status);
}
