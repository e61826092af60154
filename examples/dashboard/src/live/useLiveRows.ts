import { useEffect, useState } from "react";
import { graphql, requestSubscription, useRelayEnvironment } from "react-relay";
import type { Disposable } from "relay-runtime";

import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import type { useLiveRowsSubscription } from "../__generated__/useLiveRowsSubscription.graphql";
import { useLoads } from "../loading/Loads";
import { applyChanges } from "./applyChanges";

const subscription = graphql`
  subscription useLiveRowsSubscription($filter: ChatFilter, $since: String) {
    chatsChanged(filter: $filter, since: $since) {
      cursor
      totalCount
      changes {
        __typename
        ... on ChatEntered {
          index
          edge {
            cursor
            node {
              ...useLiveRows_chat @relay(mask: false)
            }
          }
        }
        ... on ChatUpdated {
          chat {
            ...useLiveRows_chat @relay(mask: false)
          }
        }
        ... on ChatLeft {
          chatId
        }
        ... on ChatsReset {
          reason
        }
      }
    }
  }
`;

// All that the rows and the open chat show.
void graphql`
  fragment useLiveRows_chat on Chat {
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
`;

const noNews: ReadonlySet<string> = new Set();

/** How long to wait before a subscription that ended is begun again, and between two readings of counts. */
const pause = 5_000;
const pauseOfCounts = 15_000;

/** Keeps the rows of a filter as they are on the server, from where the page was read: `liveCursor`. */
export function useLiveRows(filter: ChatFilter, liveCursor: string | null) {
  const environment = useRelayEnvironment();
  const loads = useLoads();
  const [news, setNews] = useState(noNews); // the chats that came in above the view
  const [start, setStart] = useState(liveCursor);
  if (liveCursor !== null && liveCursor !== start) setStart(liveCursor); // further pages have none

  useEffect(() => setNews(noNews), [filter]);
  useEffect(() => {
    if (start === null) return;
    let since = start;
    let running: Disposable | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let countsTimer: ReturnType<typeof setTimeout> | undefined;

    function begin() {
      let entered: string[] = [];
      running = requestSubscription<useLiveRowsSubscription>(environment, {
        subscription,
        variables: { filter, since },
        updater: (store) => {
          entered = applyChanges(store, filter);
        },
        onNext: (response) => {
          const batch = response?.chatsChanged;
          if (!batch) return;
          since = batch.cursor;
          if (batch.changes.some(({ __typename }) => __typename === "ChatsReset")) void loads.refresh();
          if (batch.changes.length === 0) return;
          setNews((before) => (window.scrollY > 200 ? new Set([...before, ...entered]) : noNews)); // at the top they are seen
          countsTimer ??= setTimeout(() => {
            countsTimer = undefined;
            void loads.follow();
          }, pauseOfCounts);
        },
        onError: again,
        onCompleted: again,
      });
    }
    function again() {
      timer = setTimeout(begin, pause);
    }

    begin();
    return () => {
      running?.dispose();
      clearTimeout(timer);
      clearTimeout(countsTimer);
    };
  }, [environment, loads, filter, start]);

  return { count: news.size, clear: () => setNews(noNews) };
}
