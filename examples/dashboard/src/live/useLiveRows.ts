import { useEffect, useState } from "react";
import { graphql, requestSubscription, useRelayEnvironment } from "react-relay";

import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import type { useLiveRowsSubscription } from "../__generated__/useLiveRowsSubscription.graphql";
import { useLoads } from "../loading/Loads";
import { applyChanges, type Applied } from "./applyChanges";
import { stayConnected } from "./stayConnected";

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

/** Keeps the rows of a filter as they are on the server, from where the page was read: `liveCursor`. */
export function useLiveRows(filter: ChatFilter, liveCursor: string | null, hasFailed: boolean) {
  const environment = useRelayEnvironment();
  const loads = useLoads();
  const [news, setNews] = useState(noNews); // the chats that came in above the view
  const [start, setStart] = useState(liveCursor);
  if (liveCursor !== null && liveCursor !== start) setStart(liveCursor); // further pages have none

  useEffect(() => setNews(noNews), [filter]);
  useEffect(() => {
    if (start === null || hasFailed) return; // what failed is read again, and then followed
    let since = start;
    const begin = (end: (error?: Error) => void) => {
      let applied: Applied = { entered: [], hasGap: false };
      return requestSubscription<useLiveRowsSubscription>(environment, {
        subscription,
        variables: { filter, since },
        updater: (store) => {
          applied = applyChanges(store, filter);
        },
        onNext: (response) => {
          const batch = response?.chatsChanged;
          if (!batch) return;
          since = batch.cursor;
          const isReset = batch.changes.some(({ __typename }) => __typename === "ChatsReset");
          if (isReset || applied.hasGap) void loads.refresh();
          if (batch.changes.length === 0) return;
          setNews((before) => (window.scrollY > 200 ? new Set([...before, ...applied.entered]) : noNews)); // at the top they are seen
          loads.follow();
        },
        onError: end,
        onCompleted: () => end(),
      });
    };
    return stayConnected(begin, () => loads.refresh());
  }, [environment, loads, filter, start, hasFailed]);

  return { count: news.size, clear: () => setNews(noNews) };
}
