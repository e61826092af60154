import assert from "node:assert/strict";
import { test } from "node:test";

import { serveSources, startDashboard } from "./support/dashboard.mjs";
import { chats, eventually, firstIds, visit } from "./support/visit.mjs";

// There, StrictMode runs all effects twice and Relay checks more.
test("in development nothing is loaded twice, and the console is as clean", async (t) => {
  const development = await startDashboard(serveSources);
  const visitor = await visit(t, { at: development });
  t.after(development.stop); // after the visitor has left
  const { page, tile, operations } = visitor;
  await visitor.rows.first().waitFor();
  await tile("Pending").click();
  const want = await chats({ statuses: ["PENDING"] }, 60);
  await eventually(async () => assert.deepEqual(await visitor.ids(), want.ids.slice(0, 30)));
  await page.getByRole("button", { name: "Load more" }).press("Enter");
  assert.deepEqual(await firstIds(visitor, 60), want.ids);
  const names = operations.map(({ name }) => name).filter((name) => name !== "ChatListNextQuery");
  assert.deepEqual(names.sort(), ["ChatsQuery", "ChatsQuery", "StatusCountsQuery"]);
});
