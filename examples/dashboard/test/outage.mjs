import assert from "node:assert/strict";
import { test } from "node:test";

import { startService } from "../../../test/harness/service.mjs";
import { debounce, eventually, stopTime, tileCounts, visit } from "./support/visit.mjs";

const complaint = /net::ERR_/; // the browser's own words for a server that is gone

/** After how many milliseconds of the page's clock an outage is tried again. */
const retry = 5_000;

test("a stopped server shows an error, and one Retry brings all back when it is up again", async (t) => {
  let service = await startService();
  t.after(() => service.stop());
  const visitor = await visit(t, { endpoint: service.GraphQL, complaint });
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await stopTime(visitor);

  await service.stop();
  await page.getByRole("searchbox").fill("dana");
  await page.clock.runFor(debounce);
  const panel = page.locator(".panel");
  await panel.getByRole("heading", { name: "The server can’t be reached" }).waitFor();
  await page.getByText("No counts.").waitFor();
  assert.equal(await rows.count(), 0);

  service = await startService({ port: service.port });
  await panel.getByRole("button", { name: "Retry" }).click();
  await eventually(async () => assert.match(await rows.first().innerText(), /dana/i));
  await eventually(async () => assert.match((await tileCounts(visitor))["All chats"], /^\d+$/));
});

test("without a hand, the page comes back a few seconds after the server", async (t) => {
  let service = await startService();
  t.after(() => service.stop());
  const { page, rows, operations } = await visit(t, {
    endpoint: service.GraphQL,
    complaint,
    prepare: async (empty) => {
      await service.stop();
      await empty.clock.install();
    },
  });
  await page.locator(".panel").getByRole("heading", { name: "The server can’t be reached" }).waitFor();
  const tries = () => operations.filter(({ name }) => name === "ChatsQuery").length;
  await eventually(async () => {
    await page.clock.fastForward(retry);
    assert.ok(tries() >= 2); // tried again, to no avail
  });
  await page.locator(".panel").waitFor();
  service = await startService({ port: service.port });
  await eventually(async () => {
    await page.clock.fastForward(retry);
    assert.equal(await rows.count(), 30);
  });
  assert.equal(await page.locator(".panel").count(), 0);
});
