import { useMemo, useRef } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";

import type { ChatFilter, ChatsQuery, ChatsQuery$variables } from "../__generated__/ChatsQuery.graphql";
import { ErrorPanel } from "../errors/ErrorPanel";
import { useLoad } from "../loading/useLoad";
import { ChatList, type ChatListProps } from "./ChatList";
import { ListHead } from "./ListHead";
import { ListSkeleton } from "./ListSkeleton";
import { firstPage, mostRows } from "./paging";

const chatsQuery = graphql`
  query ChatsQuery($filter: ChatFilter, $count: Int) {
    ...ChatList_query @arguments(filter: $filter, count: $count)
  }
`;

type Props = Pick<ChatListProps, "isFiltered" | "hasShortcuts" | "onClearFilter" | "onRows"> & { filter: ChatFilter };

/** The chats that match a filter, or what stands in for them, below a heading. */
export function Chats({ filter, ...list }: Props) {
  const rows = useRef(0); // in view
  const variables = useMemo(() => ({ filter }), [filter]);
  const { shown, isLoading, failure } = useLoad<ChatsQuery>({
    query: chatsQuery,
    variables,
    // A refresh brings as many rows as there are, so that nobody loses their place.
    atStart: (isAgain) => ({ count: isAgain ? Math.min(mostRows, Math.max(firstPage, rows.current)) : firstPage }),
  });
  const head = { isFiltered: list.isFiltered, onClearFilter: list.onClearFilter };
  return (
    <section className="card" aria-labelledby="list-title">
      {shown ? (
        <LoadedChats
          variables={shown.variables}
          wanted={filter}
          isLoading={isLoading}
          failure={failure}
          rows={rows}
          {...list}
        />
      ) : (
        <>
          <ListHead {...head} filter={filter} loading={failure ? null : filter} />
          {failure ? <ErrorPanel {...failure} /> : <ListSkeleton rows={9} />}
        </>
      )}
    </section>
  );
}

function LoadedChats({ variables, ...list }: Omit<ChatListProps, "query" | "filter" | "answer"> & { variables: ChatsQuery$variables }) {
  const query = useLazyLoadQuery<ChatsQuery>(chatsQuery, variables, { fetchPolicy: "store-only" });
  return <ChatList query={query} filter={variables.filter ?? {}} answer={variables} {...list} />;
}
