import { graphql, useLazyLoadQuery } from "react-relay";

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

interface Props extends Omit<ChatListProps, "query"> {
  filter: ChatFilter;
}

/** The chats that match a filter, or what stands in for them. */
export function Chats({ filter, ...list }: Props) {
  return (
    <Loadable
      variables={filter}
      loading={<ListSkeleton rows={9} />}
      failed={(failure) => <ErrorPanel {...failure} />}
    >
      {(attempt) => <LoadedChats filter={filter} attempt={attempt} {...list} />}
    </Loadable>
  );
}

function LoadedChats({ filter, attempt, ...list }: Props & { attempt: number }) {
  const query = useLazyLoadQuery<ChatsQuery>(
    chatsQuery,
    { filter },
    // An inbox moves: rows that were seen a filter ago are not shown as if they were new.
    { fetchKey: attempt, fetchPolicy: "network-only" },
  );
  // A list of its own for each filter, for its errors and its focus not to stay.
  return <ChatList key={JSON.stringify(filter)} query={query} {...list} />;
}
