import { useEffect, useState } from "react";
import { graphql, usePaginationFragment } from "react-relay";

import type { ChatList_query$key } from "../__generated__/ChatList_query.graphql";
import type { ChatListNextQuery } from "../__generated__/ChatListNextQuery.graphql";
import type { SeenRow } from "../filter/useSeen";
import { ServiceError } from "../server/ServiceError";
import { ChatRow } from "./ChatRow";
import { EmptyList } from "./EmptyList";
import "./list.css";
import { LoadMore } from "./LoadMore";
import { moveFocus } from "./moveFocus";

const pageSize = 30;

export interface ChatListProps {
  query: ChatList_query$key;
  /** Whether the rows are of the filter before. */
  isStale: boolean;
  isFiltered: boolean;
  onClearFilter: () => void;
  /** Called with all rows, whenever there are more. */
  onRows: (rows: readonly SeenRow[]) => void;
  /** Called with how many chats match, and with null when that is no longer known. */
  onTotal: (total: number | null) => void;
  /** Called when the place in the list is lost and it has to start again. */
  onLost: () => void;
}

/** The rows, a page more each time the end comes near. */
export function ChatList({ query, isStale, isFiltered, onClearFilter, onRows, onTotal, onLost }: ChatListProps) {
  const { data, loadNext, hasNext, isLoadingNext } = usePaginationFragment<ChatListNextQuery, ChatList_query$key>(
    graphql`
      fragment ChatList_query on Query
      @argumentDefinitions(
        filter: { type: "ChatFilter" }
        count: { type: "Int", defaultValue: 30 }
        cursor: { type: "String" }
      )
      @refetchable(queryName: "ChatListNextQuery") {
        searchChats(filter: $filter, first: $count, after: $cursor)
          @connection(key: "ChatList_searchChats", filters: ["filter"]) {
          totalCount
          edges {
            node {
              id
              channel {
                name
                accountId
              }
              ...ChatRow_chat
            }
          }
        }
      }
    `,
    query,
  );
  const [error, setError] = useState<Error | null>(null);
  const [focused, setFocused] = useState(0);

  const { edges, totalCount } = data.searchChats ?? { edges: [], totalCount: 0 };
  useEffect(() => onRows(edges.map((edge) => edge.node)), [edges, onRows]);
  useEffect(() => {
    onTotal(totalCount);
    return () => onTotal(null);
  }, [totalCount, onTotal]);

  function loadMore() {
    if (isLoadingNext) return;
    loadNext(pageSize, {
      onComplete: (failure) => {
        const isLost = failure instanceof ServiceError && failure.code === "CURSOR_INVALID";
        setError(isLost ? null : failure);
        if (isLost) onLost();
      },
    });
  }

  if (edges.length === 0) return <EmptyList isFiltered={isFiltered} onClearFilter={onClearFilter} />;
  return (
    <div className={isStale ? "stale" : undefined}>
      <div role="feed" aria-label="Chats" aria-busy={isStale || isLoadingNext} onKeyDown={moveFocus}>
        {edges.map(({ node }, index) => (
          <ChatRow
            key={node.id}
            chat={node}
            index={index}
            total={totalCount}
            // One stop for the Tab key; the arrow keys go on from there.
            isTabStop={index === Math.min(focused, edges.length - 1)}
            onFocus={setFocused}
          />
        ))}
      </div>
      {hasNext ? (
        <LoadMore shown={edges.length} isLoading={isLoadingNext} error={error} onLoad={loadMore} />
      ) : (
        <p className="list-end">{edges.length === 1 ? "That is the only one." : "That is all of them."}</p>
      )}
    </div>
  );
}
