import { graphql, useLazyLoadQuery } from "react-relay";

import type { StatusCountsQuery, StatusCountsQuery$variables } from "../__generated__/StatusCountsQuery.graphql";
import { ErrorNotice } from "../errors/ErrorNotice";
import { Loadable } from "../errors/Loadable";
import { StatusTiles, type Counts } from "./StatusTiles";

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

interface Props extends Omit<Parameters<typeof StatusTiles>[0], "counts"> {
  variables: StatusCountsQuery$variables;
}

/** The tiles with their counts. Without counts they still select a status. */
export function StatusCounts({ variables, ...tiles }: Props) {
  return (
    <Loadable
      variables={variables}
      loading={<StatusTiles {...tiles} />}
      failed={(failure) => (
        <>
          <StatusTiles {...tiles} counts={unknownCounts} />
          <ErrorNotice what="No counts." {...failure} />
        </>
      )}
    >
      {(attempt) => <LoadedCounts variables={variables} attempt={attempt} {...tiles} />}
    </Loadable>
  );
}

function LoadedCounts({ variables, attempt, ...tiles }: Props & { attempt: number }) {
  const data = useLazyLoadQuery<StatusCountsQuery>(statusCountsQuery, variables, {
    fetchKey: attempt,
    fetchPolicy: "network-only",
  });
  const counts = Object.entries(data).map(([key, connection]) => [key, connection?.totalCount ?? null]);
  return <StatusTiles {...tiles} counts={Object.fromEntries(counts) as Counts} />;
}

const unknownCounts: Counts = { ALL: null, BOT: null, PENDING: null, ASSIGNED: null, RESOLVED: null, BULK: null };
