// What the clients are measured by: plain requests, without any client.

import assert from "node:assert/strict";

const query = `
  query ($filter: ChatFilter, $first: Int, $last: Int) {
    searchChats(filter: $filter, first: $first, last: $last) {
      totalCount
      nodes { id status channel { accountId } }
    }
  }
`;

/** Asks for a list in one piece: how many chats match, and a row for each. */
export async function direct(url, variables) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  const { totalCount, nodes } = data.searchChats;
  assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length, "a chat is repeated");
  return { totalCount, rows: nodes.map(row) };
}

/** The page size with which the third page is the last one. */
export async function thirdOf(url, filter) {
  const { totalCount } = await direct(url, { filter, first: 0 });
  return Math.ceil(totalCount / 3);
}

/**
 * One line that stands for a chat. It shows the account because chats of one
 * contact differ in it: a cache that takes their channels for one object, for
 * want of a key that tells them apart, shows up here.
 */
export function row({ id, status, channel }) {
  return [id, status, channel.accountId].join(" ");
}
