import { ConnectionHandler, type RecordProxy, type RecordSourceSelectorProxy } from "relay-runtime";

import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import { firstPage } from "../chats/paging";

export interface Applied {
  /** The ids of the chats that came in, or moved. */
  entered: readonly string[];
  /** Whether the list must be read again: chats may be missing, or it is another one than the batch is for. */
  isBroken: boolean;
}

/**
 * Applies a batch of changes to the list of a filter, in the order and by the rules of
 * Subscription.chatsChanged in the schema. The batch leads on from the cursor `since`; the list then
 * stands at the cursor of the batch. A chat that is updated needs nothing: Relay has put its new values
 * into the store.
 */
export function applyChanges(store: RecordSourceSelectorProxy, filter: ChatFilter, since: string): Applied {
  const batch = store.getRootField("chatsChanged");
  const list = ConnectionHandler.getConnection(store.getRoot(), "ChatList_searchChats", { filter });
  const entered: string[] = [];
  if (!batch || !list) return { entered, isBroken: false };
  // A page that was read meanwhile has taken the place of the list that was followed.
  if (list.getValue("liveCursor") !== since) return { entered, isBroken: true };
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
  list.setValue(batch.getValue("cursor"), "liveCursor");
  return { entered, isBroken: hasGap(edges.map((edge) => String(chatOf(edge))), entered) };
}

/**
 * Whether a list may lack chats: the server watches the newest ones alone, and if all of those have
 * come in at once, nothing tells of what is between them and the rest.
 */
function hasGap(ids: readonly string[], entered: readonly string[]): boolean {
  const isNew = new Set(entered);
  const first = ids.findIndex((id) => !isNew.has(id));
  return first >= firstPage;
}

const chatOf = (edge: RecordProxy | null | undefined) => edge?.getLinkedRecord("node")?.getValue("id");
