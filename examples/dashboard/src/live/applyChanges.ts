import { ConnectionHandler, type RecordProxy, type RecordSourceSelectorProxy } from "relay-runtime";

import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";

/**
 * Applies a batch of changes to the list of a filter, in the order and by the rules of
 * Subscription.chatsChanged in the schema. Returns the ids of the chats that came in, or moved. A chat
 * that is updated needs nothing: Relay has put its new values into the store.
 */
export function applyChanges(store: RecordSourceSelectorProxy, filter: ChatFilter): string[] {
  const batch = store.getRootField("chatsChanged");
  const list = ConnectionHandler.getConnection(store.getRoot(), "ChatList_searchChats", { filter });
  if (!batch || !list) return [];
  const entered: string[] = [];
  let edges = list.getLinkedRecords("edges") ?? [];
  for (const change of batch.getLinkedRecords("changes") ?? []) {
    if (change.getType() === "ChatLeft") {
      edges = edges.filter((edge) => chatOf(edge) !== change.getValue("chatId"));
    } else if (change.getType() === "ChatEntered") {
      const edge = ConnectionHandler.buildConnectionEdge(store, list, change.getLinkedRecord("edge"));
      const index = Number(change.getValue("index"));
      edges = edges.filter((other) => chatOf(other) !== chatOf(edge));
      if (!edge || index > edges.length) continue;
      edges = [...edges.slice(0, index), edge, ...edges.slice(index)];
      entered.push(String(chatOf(edge)));
    }
  }
  const total = Number(batch.getValue("totalCount"));
  list.setLinkedRecords(edges.slice(0, total), "edges");
  list.setValue(total, "totalCount");
  return entered;
}

const chatOf = (edge: RecordProxy | null | undefined) => edge?.getLinkedRecord("node")?.getValue("id");
