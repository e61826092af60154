import assert from "node:assert/strict";
import { test } from "node:test";

import { countsOf, eventually, tileCounts, visit } from "./support/visit.mjs";

test("the tiles show all counts, and come in one request of no rows", async (t) => {
  const visitor = await visit(t);
  const want = await countsOf({});
  await eventually(async () => assert.deepEqual(await tileCounts(visitor), want));
  await visitor.rows.first().waitFor();

  const names = visitor.operations.map(({ name }) => name);
  assert.deepEqual(names.sort(), ["ChatsQuery", "StatusCountsQuery"], "one request for all counts, one for the rows");
  const { query } = visitor.operations.find(({ name }) => name === "StatusCountsQuery");
  assert.equal(query.match(/\w+: searchChats/g).length, 6, "an alias for each tile");
  assert.equal(query.match(/first: 0/g).length, 6, "no rows");
});

test("a tile filters by its status, and another press by none", async (t) => {
  const { page, tile, rows, operations } = await visit(t);
  const badges = () => page.locator("[data-chat-id] .badge").allTextContents();
  await eventually(async () => assert.ok(new Set(await badges()).size > 1, "chats in several statuses"));

  for (const name of ["Pending", "Assigned", "Bot", "Resolved", "Bulk"]) {
    await tile(name).click();
    await eventually(async () => assert.deepEqual([...new Set(await badges())], [name]));
    assert.equal(await tile(name).getAttribute("aria-pressed"), "true");
  }
  await tile("Bulk").click();
  await eventually(async () => assert.ok(new Set(await badges()).size > 1, "all statuses again"));
  assert.equal(await tile("All chats").getAttribute("aria-pressed"), "true");
  assert.equal(await rows.count(), 30);

  const asked = (query) => operations.filter(({ name }) => name === query).length;
  assert.equal(asked("StatusCountsQuery"), 1, "the counts do not depend on the status");
  assert.equal(asked("ChatsQuery"), 7, "all chats were asked for again");
});

test("what was in view stays, dimmed, until the answer is there", async (t) => {
  const { page, tile, rows } = await visit(t);
  await rows.first().waitFor();
  const feed = page.getByRole("feed");
  assert.equal(await feed.getAttribute("aria-busy"), "false");
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  await page.route("**/graphql", async (route) => {
    await answered;
    await route.continue();
  });
  await tile("Bulk").click();
  await eventually(async () => assert.equal(await feed.getAttribute("aria-busy"), "true"));
  assert.equal(await rows.count(), 30);
  answer();
  await eventually(async () => assert.equal(await page.locator(".badge").first().textContent(), "Bulk"));
  await eventually(async () => assert.equal(await feed.getAttribute("aria-busy"), "false"));
});
