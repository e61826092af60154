import { useEffect, useMemo, useState, type RefObject } from "react";
import { graphql, usePaginationFragment } from "react-relay";

import type { ChatList_query$key } from "../__generated__/ChatList_query.graphql";
import type { ChatListNextQuery } from "../__generated__/ChatListNextQuery.graphql";
import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import { ChatDrawer } from "../chat/ChatDrawer";
import { ErrorNotice } from "../errors/ErrorNotice";
import type { Failure } from "../errors/Failure";
import type { SeenRow } from "../filter/useSeen";
import { NewRows } from "../live/NewRows";
import { useLiveRows } from "../live/useLiveRows";
import { useLoads } from "../loading/Loads";
import { ServiceError } from "../server/ServiceError";
import { useText } from "../texts/texts";
import { useOpenChat } from "../ui/address";
import { EmptyList } from "./EmptyList";
import "./list.css";
import { ListHead } from "./ListHead";
import { LoadMore } from "./LoadMore";
import { LostNote } from "./LostNote";
import { nextPage } from "./paging";
import { VirtualRows } from "./VirtualRows";

export interface ChatListProps {
  query: ChatList_query$key;
  /** The filter of what is in view. */
  filter: ChatFilter;
  /** The answer that the list began with: another object for each. */
  answer: object;
  /** The filter that was asked for last: while another one is in view, the rows are stale. */
  wanted: ChatFilter;
  isLoading: boolean;
  failure: Failure | null;
  /** Gets the number of rows. */
  rows: RefObject<number>;
  isFiltered: boolean;
  hasShortcuts: boolean;
  onClearFilter: () => void;
  /** Called with all rows, whenever there are more. */
  onRows: (rows: readonly SeenRow[]) => void;
}

/** The rows, a page more each time the end comes near. */
export function ChatList({ query, filter, answer, wanted, isLoading, failure, rows, onRows, ...props }: ChatListProps) {
  const text = useText();
  const loads = useLoads();
  const { data, loadNext, hasNext, isLoadingNext } = usePaginationFragment<ChatListNextQuery, ChatList_query$key>(
    graphql`
      fragment ChatList_query on Query
      @argumentDefinitions(
        filter: { type: "ChatFilter" }
        count: { type: "Int", defaultValue: 30 }
        cursor: { type: "String" }
        isFirst: { type: "Boolean", defaultValue: true }
      )
      @refetchable(queryName: "ChatListNextQuery") {
        searchChats(filter: $filter, first: $count, after: $cursor)
          @connection(key: "ChatList_searchChats", filters: ["filter"]) {
          totalCount
          liveCursor @include(if: $isFirst) # a further page has none, and would put null here
          edges {
            node {
              id
              channel {
                name
                accountId
              }
              labels {
                id
                name
                color
              }
              ...ChatRow_chat
              ...ChatDrawer_chat
            }
          }
        }
      }
    `,
    query,
  );
  const isStale = filter !== wanted;
  const open = useOpenChat();
  const [error, setError] = useState<Error | null>(null);
  const [isLost, setLost] = useState(false);

  const { edges, totalCount } = data.searchChats ?? { edges: [], totalCount: 0 };
  const news = useLiveRows({ filter, answer, liveCursor: data.searchChats?.liveCursor ?? null, hasFailed: failure !== null });
  const chats = useMemo(() => edges.map((edge) => edge.node), [edges]);
  useEffect(() => onRows(chats), [chats, onRows]);
  useEffect(() => {
    rows.current = edges.length;
    return () => {
      rows.current = 0;
    };
  }, [rows, edges.length]);
  // Neither an error nor a note is of another filter, or of before a refresh.
  useEffect(() => setError(null), [query]);
  useEffect(() => setLost(false), [filter]);

  function loadMore() {
    if (isLoadingNext || isStale || !hasNext) return;
    loadNext(nextPage(edges.length), {
      UNSTABLE_extraVariables: { isFirst: false },
      onComplete: (failed) => {
        const isGone = failed instanceof ServiceError && failed.code === "CURSOR_INVALID";
        setError(isGone ? null : failed);
        if (!isGone) return;
        setLost(true);
        rows.current = 0; // from the first page again
        window.scrollTo({ top: 0 });
        void loads.refresh();
      },
    });
  }

  return (
    <>
      <ListHead
        filter={filter}
        loading={isStale ? wanted : null}
        total={totalCount}
        isFiltered={props.isFiltered}
        onClearFilter={props.onClearFilter}
      >
        <NewRows count={news.count} onSeen={news.clear} />
      </ListHead>
      {failure && <ErrorNotice what={text("error.rows")} {...failure} />}
      {isLost && <LostNote onClose={() => setLost(false)} />}
      <div className={isStale ? "stale" : undefined}>
        {edges.length === 0 ? (
          <EmptyList isFiltered={props.isFiltered} onClearFilter={props.onClearFilter} />
        ) : (
          <>
            <VirtualRows
              key={JSON.stringify(filter)} // a list of its own, for its focus and its place
              chats={chats}
              total={totalCount}
              isBusy={isLoading || isLoadingNext}
              hasShortcuts={props.hasShortcuts}
              onEnd={loadMore}
            />
            {hasNext ? (
              <LoadMore shown={edges.length} isLoading={isLoadingNext} error={error} onLoad={loadMore} />
            ) : (
              <p className="list-end">{text("list.end", { count: edges.length })}</p>
            )}
          </>
        )}
      </div>
      {open && <ChatDrawer chat={edges.find(({ node }) => node.id === open)?.node ?? null} />}
    </>
  );
}
