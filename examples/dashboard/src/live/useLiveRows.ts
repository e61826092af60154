import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { graphql, requestSubscription, useRelayEnvironment } from "react-relay";

import type { ChatFilter } from "../__generated__/ChatsQuery.graphql";
import type { useLiveRowsSubscription } from "../__generated__/useLiveRowsSubscription.graphql";
import { useLoads } from "../loading/Loads";
import { applyChanges, type Applied } from "./applyChanges";
import { stayConnected, type Refusals } from "./stayConnected";

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

export interface LiveList {
  filter: ChatFilter;
  /** The answer that the list began with: another object for each. */
  answer: object;
  /** Where the list stands; null where nothing can be followed. */
  liveCursor: string | null;
  hasFailed: boolean;
}

/** Keeps the rows of a list as they are on the server. */
export function useLiveRows({ filter, answer, liveCursor, hasFailed }: LiveList) {
  const environment = useRelayEnvironment();
  const loads = useLoads();
  const [news, setNews] = useState(noNews); // the chats that came in above the view
  const standsAt = useEffectEvent(() => liveCursor);
  const refusals = useMemo<Refusals>(() => ({ last: -Infinity }), [environment]); // of one server, for one token

  useEffect(() => setNews(noNews), [filter]);
  useEffect(() => {
    const start = standsAt();
    if (start === null || hasFailed) return; // what failed is read again, and then followed
    let since = start;
    const begin = (end: (error?: Error) => void) => {
      let applied: Applied = { entered: [], isBroken: false };
      return requestSubscription<useLiveRowsSubscription>(environment, {
        subscription,
        variables: { filter, since },
        updater: (store) => {
          applied = applyChanges(store, filter, since);
        },
        onNext: (response) => {
          const batch = response?.chatsChanged;
          if (!batch) return;
          since = batch.cursor;
          const isReset = batch.changes.some(({ __typename }) => __typename === "ChatsReset");
          if (isReset || applied.isBroken) void loads.refresh();
          if (batch.changes.length === 0) return;
          setNews((before) => (window.scrollY > 200 ? new Set([...before, ...applied.entered]) : noNews)); // at the top they are seen
          loads.follow();
        },
        onError: end,
        onCompleted: () => end(),
      });
    };
    return stayConnected(begin, () => loads.refresh(), refusals);
  }, [environment, loads, filter, answer, hasFailed, refusals]);

  return { count: news.size, clear: () => setNews(noNews) };
}
