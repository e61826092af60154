// What an application does with the typed documents. It need only type-check.

import { Client, fetchExchange } from "@urql/core";

import { readFragment } from "./__generated__";
import {
  ChatRowFragmentDoc,
  ChatsDocument,
  NumberedPageDocument,
  type ChatFilter,
  type ChatStatus,
} from "./__generated__/graphql";

type Row = { id: string; label: string; status: ChatStatus | null; since: Date | null };

const client = new Client({ url: "/graphql", exchanges: [fetchExchange] });

export async function* inbox(filter: ChatFilter): AsyncGenerator<Row> {
  let after: string | null = null;
  do {
    const { data } = await client.query(ChatsDocument, { filter, first: 100, after }).toPromise();
    const page: NonNullable<typeof data>["searchChats"] = data?.searchChats ?? null;
    for (const { node } of page?.edges ?? []) {
      const chat = readFragment(ChatRowFragmentDoc, node);
      yield {
        id: chat.id,
        label: chat.name ?? chat.channel?.accountId ?? chat.labels.map((label) => label.name ?? label.id).join(),
        status: chat.status,
        since: chat.lastMessageAt === null ? null : new Date(chat.lastMessageAt),
      };
    }
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
}

export async function pageNumber(n: number): Promise<string[]> {
  const page = { first: 20, skip: 20 * (n - 1) };
  const { data } = await client.query(NumberedPageDocument, { page }).toPromise();
  return data?.searchChats?.nodes.map((chat) => chat.id) ?? [];
}

export const waiting = inbox({
  statuses: ["PENDING"],
  channel: { name: "WHATSAPP", accountId: "97230000001" },
});
