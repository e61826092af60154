import { useCallback, useState } from "react";
import { fetchQuery, useRelayEnvironment } from "react-relay";

import type { ChatsQuery, ChatFilter } from "../__generated__/ChatsQuery.graphql";
import type { StatusCountsQuery, StatusCountsQuery$variables } from "../__generated__/StatusCountsQuery.graphql";
import { chatsQuery } from "../chats/Chats";
import { statusCountsQuery } from "../counts/StatusCounts";

/**
 * Reads the first page and the counts again, into the cache that the page is
 * drawn from. Should that fail, all that is in view stays.
 */
export function useRefresh(filter: ChatFilter, counts: StatusCountsQuery$variables) {
  const environment = useRelayEnvironment();
  const [isRefreshing, setRefreshing] = useState(false);
  const [failure, setFailure] = useState<{ error: unknown; filter: ChatFilter } | null>(null);

  const refresh = useCallback(async () => {
    setRefreshing(true);
    try {
      await Promise.all([
        fetchQuery<ChatsQuery>(environment, chatsQuery, { filter }).toPromise(),
        fetchQuery<StatusCountsQuery>(environment, statusCountsQuery, counts).toPromise(),
      ]);
      setFailure(null);
    } catch (error) {
      setFailure({ error, filter });
    } finally {
      setRefreshing(false);
    }
  }, [environment, filter, counts]);

  // Of no interest any more once another filter is in view.
  const error = failure?.filter === filter ? failure.error : null;
  return { refresh, isRefreshing, error };
}
