import assert from "node:assert/strict";
import { test } from "node:test";

import { startServer } from "./support/server.mjs";
import { eventually, tileCounts, visit } from "./support/visit.mjs";

const complaint = /net::ERR_/; // the browser's own words for a server that is gone

test("a stopped server shows an error, and Retry brings all back when it is up again", async (t) => {
  let server = await startServer();
  t.after(() => server.stop());
  const visitor = await visit(t, { endpoint: server.url, complaint });
  const { page, rows } = visitor;
  await rows.first().waitFor();

  await server.stop();
  await page.getByRole("searchbox").fill("dana");
  const panel = page.locator(".panel");
  await panel.getByRole("heading", { name: "The server can’t be reached" }).waitFor();
  await page.getByText("No counts.").waitFor();
  assert.equal(await rows.count(), 0);

  server = await startServer(server.port);
  await panel.getByRole("button", { name: "Retry" }).click();
  await eventually(async () => assert.match(await rows.first().innerText(), /dana/i));
  // The counts come back by themselves, at their next try.
  await eventually(async () => assert.match((await tileCounts(visitor))["All chats"], /^\d+$/));
});

test("without a hand, the page comes back a few seconds after the server", async (t) => {
  let server = await startServer();
  t.after(() => server.stop());
  const { port } = server;
  await server.stop();
  const { page, rows, operations } = await visit(t, { endpoint: server.url, complaint });
  await page.locator(".panel").getByRole("heading", { name: "The server can’t be reached" }).waitFor();
  const tries = () => operations.filter(({ name }) => name === "ChatsQuery").length;
  await eventually(() => assert.equal(tries(), 2)); // tried again, to no avail
  await page.locator(".panel").waitFor();
  server = await startServer(port);
  await eventually(async () => assert.equal(await rows.count(), 30));
  assert.equal(await page.locator(".panel").count(), 0);
});
