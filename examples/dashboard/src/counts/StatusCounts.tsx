import { graphql, usePreloadedQuery, type PreloadedQuery } from "react-relay";

import type { StatusCountsQuery, StatusCountsQuery$variables } from "../__generated__/StatusCountsQuery.graphql";
import { ErrorNotice } from "../errors/ErrorNotice";
import { Loadable } from "../errors/Loadable";
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
  return (
    <Loadable<StatusCountsQuery>
      query={statusCountsQuery}
      variables={variables}
      loading={<StatusTiles {...tiles} />}
      failed={(failure) => (
        <>
          <StatusTiles {...tiles} counts={unknownCounts} />
          <ErrorNotice what="No counts." {...failure} />
        </>
      )}
    >
      {(loaded, isStale) => <LoadedCounts loaded={loaded} isStale={isStale} {...tiles} />}
    </Loadable>
  );
}

function LoadedCounts({ loaded, ...tiles }: TilesProps & { loaded: PreloadedQuery<StatusCountsQuery> }) {
  const data = usePreloadedQuery<StatusCountsQuery>(statusCountsQuery, loaded);
  const counts = Object.entries(data).map(([key, connection]) => [key, connection?.totalCount ?? null]);
  return <StatusTiles {...tiles} counts={Object.fromEntries(counts) as Counts} />;
}

const unknownCounts: Counts = { ALL: null, BOT: null, PENDING: null, ASSIGNED: null, RESOLVED: null, BULK: null };
