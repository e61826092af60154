// Labels that get other names, and where a client's cache must show them.

import assert from "node:assert/strict";

export const chatsDocument = "query Chats { searchChats(first: 30) { nodes { id labels { id name } } } }";
export const labelsDocument = "query Labels { labels { id name } }";

const rename = (name) => `${name} (renamed)`;

/** Asks the service, and renames the labels of Query.labels, but not those of chats. */
export async function fetchRenamed(url, init) {
  const response = await fetch(url, init);
  const body = await response.json();
  for (const label of body.data.labels ?? []) label.name = rename(label.name);
  return Response.json(body);
}

/** The names of the labels of all chats; null for labels that Texter does not know. */
export function labelNames({ searchChats }) {
  return searchChats.nodes.flatMap(({ labels }) => labels.map(({ name }) => name));
}

/** Checks that the labels of the chats have the new names, all of them. */
export function assertRenamed(names, before) {
  assert.ok(new Set(before).size < before.length, "several chats have the same label");
  assert.deepEqual(names, before.map((name) => name && rename(name)));
}
