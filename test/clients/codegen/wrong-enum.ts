// Must not type-check: neither value is in the enum that is asked for.

import type { ChatFilter } from "./__generated__/graphql";

export const solved: ChatFilter = { statuses: ["SOLVED"] };

export const sms: ChatFilter = { channel: { name: "SMS", accountId: "97230000001" } };
