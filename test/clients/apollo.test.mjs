// Apollo Client: fetchMore, with the pages merged by relayStylePagination. Its
// cache has each label once.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { firstValueFrom, skipWhile } from "rxjs";

import { direct, row, thirdOf } from "./direct.mjs";
import { assertRenamed, chatsDocument, fetchRenamed, labelNames, labelsDocument } from "./labels.mjs";
import { startService } from "../harness/service.mjs";
import { recordWarnings } from "./warnings.mjs";

const service = await startService();
after(service.stop);

const query = gql`
  query Chats($filter: ChatFilter, $first: Int, $after: String) {
    searchChats(filter: $filter, first: $first, after: $after) {
      totalCount
      edges {
        cursor
        node {
          id
          status
          channel {
            contactId
            accountId
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

function newClient(fetch) {
  return new ApolloClient({
    link: new HttpLink({ uri: service.GraphQL, fetch }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { searchChats: relayStylePagination(["filter"]) } },
      },
    }),
  });
}

/** Watches a list as a component does, from its first page on. */
async function open(client, filter) {
  const first = await thirdOf(service.GraphQL, filter);
  const list = client.watchQuery({ query, variables: { filter, first } });
  list.subscribe();
  await firstValueFrom(list.pipe(skipWhile(({ loading }) => loading)));
  const connection = () => list.getCurrentResult().data.searchChats;
  return {
    pageSize: first,
    rows: () => connection().edges.map(({ node }) => row(node)),
    hasNext: () => connection().pageInfo.hasNextPage,
    loadNext: () => list.fetchMore({ variables: { after: connection().pageInfo.endCursor } }),
  };
}

test("fetchMore appends page after page, and keeps filters apart", async (t) => {
  const assertNoWarnings = recordWarnings(t);
  const client = newClient();
  const filters = [{ statuses: ["BULK"] }, { statuses: ["PENDING"] }];
  const lists = await Promise.all(filters.map((filter) => open(client, filter)));
  for (const [pages, hasNext] of [[1, true], [2, true], [3, false]]) {
    for (const [i, list] of lists.entries()) {
      const want = await direct(service.GraphQL, { filter: filters[i], first: pages * list.pageSize });
      assert.deepEqual(list.rows(), want.rows);
      assert.equal(list.hasNext(), hasNext);
    }
    if (hasNext) for (const list of lists) await list.loadNext();
  }
  client.stop(); // and with it the subscriptions
  assertNoWarnings();
});

test("a label that is renamed has its new name on all chats", async (t) => {
  const assertNoWarnings = recordWarnings(t);
  const client = newClient(fetchRenamed);
  const chats = gql(chatsDocument);
  const { data } = await client.query({ query: chats });
  await client.query({ query: gql(labelsDocument) });
  assertRenamed(labelNames(client.readQuery({ query: chats })), labelNames(data));
  client.stop();
  assertNoWarnings();
});
