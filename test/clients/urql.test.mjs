// urql: pages asked for one by one, merged by Graphcache's relayPagination.
// Graphcache has each label once.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Client, fetchExchange, gql } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";

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
  return new Client({
    url: service.GraphQL,
    fetch,
    exchanges: [
      cacheExchange({
        // A channel is part of its chat, and has no id of its own.
        keys: { Channel: () => null },
        resolvers: { Query: { searchChats: relayPagination() } },
      }),
      fetchExchange,
    ],
  });
}

test("relayPagination merges three pages", async (t) => {
  const assertNoWarnings = recordWarnings(t);
  const client = newClient();
  const filter = { statuses: ["BULK"] };
  const first = await thirdOf(service.GraphQL, filter);
  let endCursor;
  for (const [pages, hasNext] of [[1, true], [2, true], [3, false]]) {
    const { data, error } = await client.query(query, { filter, first, after: endCursor });
    assert.ifError(error);
    const { edges, pageInfo } = data.searchChats;
    const want = await direct(service.GraphQL, { filter, first: pages * first });
    assert.deepEqual(edges.map(({ node }) => row(node)), want.rows);
    assert.equal(pageInfo.hasNextPage, hasNext);
    endCursor = pageInfo.endCursor;
  }
  assertNoWarnings();
});

test("a label that is renamed has its new name on all chats", async (t) => {
  const assertNoWarnings = recordWarnings(t);
  const client = newClient(fetchRenamed);
  const chats = gql(chatsDocument);
  const { data } = await client.query(chats, {});
  assert.ifError((await client.query(gql(labelsDocument), {})).error);
  assertRenamed(labelNames(client.readQuery(chats, {}).data), labelNames(data));
  assertNoWarnings();
});
