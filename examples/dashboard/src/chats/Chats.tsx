import { useMemo } from "react";
import { graphql, usePreloadedQuery, type PreloadedQuery } from "react-relay";

import type { ChatFilter, ChatsQuery } from "../__generated__/ChatsQuery.graphql";
import { ErrorPanel } from "../errors/ErrorPanel";
import { Loadable } from "../errors/Loadable";
import { ChatList, type ChatListProps } from "./ChatList";
import { ListSkeleton } from "./ListSkeleton";

export const chatsQuery = graphql`
  query ChatsQuery($filter: ChatFilter) {
    ...ChatList_query @arguments(filter: $filter)
  }
`;

interface Props extends Omit<ChatListProps, "query" | "isStale"> {
  filter: ChatFilter;
}

/** The chats that match a filter, or what stands in for them. */
export function Chats({ filter, ...list }: Props) {
  const variables = useMemo(() => ({ filter }), [filter]);
  return (
    <Loadable<ChatsQuery>
      query={chatsQuery}
      variables={variables}
      loading={<ListSkeleton rows={9} />}
      failed={(failure) => <ErrorPanel {...failure} />}
    >
      {(loaded, isStale) => <LoadedChats loaded={loaded} isStale={isStale} {...list} />}
    </Loadable>
  );
}

function LoadedChats({ loaded, ...list }: Omit<ChatListProps, "query"> & { loaded: PreloadedQuery<ChatsQuery> }) {
  const query = usePreloadedQuery<ChatsQuery>(chatsQuery, loaded);
  // A list of its own for each load, for its errors and its focus not to stay.
  return <ChatList key={loaded.fetchKey} query={query} {...list} />;
}
