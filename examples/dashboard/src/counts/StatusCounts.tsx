import { useEffect } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";

import type { StatusCountsQuery, StatusCountsQuery$variables } from "../__generated__/StatusCountsQuery.graphql";
import { ErrorNotice } from "../errors/ErrorNotice";
import { Loadable } from "../loading/Loadable";
import { useText } from "../texts/texts";
import { StatusTiles, type Counts, type TilesProps } from "./StatusTiles";

/** All counts in one request: `first: 0` asks for no rows. An alias is the key of a tile. */
export const statusCountsQuery = graphql`
  query StatusCountsQuery($search: String, $channel: ChannelFilter, $labels: [ID!], $showNoMessages: Boolean) {
    ALL: searchChats(
      filter: { search: $search, channel: $channel, labels: $labels, showNoMessages: $showNoMessages }
      first: 0
    ) {
      totalCount
    }
    BOT: searchChats(
      filter: { statuses: [BOT], search: $search, channel: $channel, labels: $labels, showNoMessages: $showNoMessages }
      first: 0
    ) {
      totalCount
    }
    PENDING: searchChats(
      filter: {
        statuses: [PENDING]
        search: $search
        channel: $channel
        labels: $labels
        showNoMessages: $showNoMessages
      }
      first: 0
    ) {
      totalCount
    }
    ASSIGNED: searchChats(
      filter: {
        statuses: [ASSIGNED]
        search: $search
        channel: $channel
        labels: $labels
        showNoMessages: $showNoMessages
      }
      first: 0
    ) {
      totalCount
    }
    RESOLVED: searchChats(
      filter: {
        statuses: [RESOLVED]
        search: $search
        channel: $channel
        labels: $labels
        showNoMessages: $showNoMessages
      }
      first: 0
    ) {
      totalCount
    }
    BULK: searchChats(
      filter: { statuses: [BULK], search: $search, channel: $channel, labels: $labels, showNoMessages: $showNoMessages }
      first: 0
    ) {
      totalCount
    }
  }
`;

interface Props extends Omit<TilesProps, "counts" | "isStale"> {
  variables: StatusCountsQuery$variables;
}

/** The tiles with their counts. Without counts they still select a status. */
export function StatusCounts({ variables, ...tiles }: Props) {
  const text = useText();
  return (
    <Loadable<StatusCountsQuery>
      query={statusCountsQuery}
      variables={variables}
      followsList
      loading={<StatusTiles {...tiles} />}
      failed={(failure) => (
        <>
          <StatusTiles {...tiles} counts={unknownCounts} />
          <ErrorNotice what={text("error.counts")} {...failure} />
        </>
      )}
    >
      {(loaded, { isStale, failure }) => (
        <>
          <LoadedCounts loaded={loaded} isStale={isStale || failure !== null} {...tiles} />
          {failure && <ErrorNotice what={text("error.rows")} {...failure} />}
        </>
      )}
    </Loadable>
  );
}

function LoadedCounts({ loaded, ...tiles }: TilesProps & { loaded: StatusCountsQuery$variables }) {
  const data = useLazyLoadQuery<StatusCountsQuery>(statusCountsQuery, loaded, { fetchPolicy: "store-only" });
  const counts = Object.entries(data).map(([key, connection]) => [key, connection?.totalCount ?? null]);
  usePendingTitle(data.PENDING?.totalCount ?? 0);
  return <StatusTiles {...tiles} counts={Object.fromEntries(counts) as Counts} />;
}

/** Shows in the title of the tab how many chats wait. */
function usePendingTitle(count: number): void {
  const text = useText();
  const title = text(count > 0 ? "titlePending" : "title", { count });
  useEffect(() => {
    document.title = title;
  }, [title]);
}

const unknownCounts: Counts = { ALL: null, BOT: null, PENDING: null, ASSIGNED: null, RESOLVED: null, BULK: null };
