import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, stopTime, visit } from "./support/visit.mjs";

/** Answers everything with an error, in place of the server; headers are those of the answer. */
const failAll = (page, extensions, headers = {}) =>
  page.route("**/graphql", (route) =>
    route.fulfill({
      headers: { "access-control-allow-origin": "*", "access-control-expose-headers": "Retry-After", ...headers },
      json: { data: null, errors: [{ message: "Not this time.", extensions }] },
    }),
  );

const refresh = (page) => page.getByRole("button", { name: "Refresh" }).click();

for (const code of ["UNAUTHENTICATED", "FORBIDDEN"]) {
  test(`after ${code} is over, a refresh takes the errors away`, async (t) => {
    const { page, rows } = await visit(t, { prepare: (empty) => failAll(empty, { code }) });
    await page.locator(".panel").waitFor();
    await page.getByText("No counts.").waitFor();
    await page.unrouteAll();
    await refresh(page);
    await eventually(async () => assert.equal(await rows.count(), 30));
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test(`one Retry mends counts and list after ${code}`, async (t) => {
    const visitor = await visit(t, { prepare: (empty) => failAll(empty, { code }) });
    const { page, rows, operations } = visitor;
    await page.locator(".panel").waitFor();
    await page.getByText("No counts.").waitFor();
    await page.unrouteAll();
    operations.length = 0;
    await page.locator(".panel").getByRole("button", { name: "Retry" }).click();
    await eventually(async () => assert.equal(await rows.count(), 30));
    await eventually(async () => assert.equal(await page.getByRole("alert").count(), 0));
    assert.deepEqual(operations.map(({ name }) => name).sort(), ["ChatsQuery", "StatusCountsQuery"]);
  });
}

test("to save the same token is to try again", async (t) => {
  const { page, rows } = await visit(t, { prepare: (empty) => failAll(empty, { code: "UNAUTHENTICATED" }) });
  await page.locator(".panel").getByRole("button", { name: "Settings" }).click();
  const token = page.getByLabel(/^Token/);
  assert.ok(await token.evaluate((field) => field === document.activeElement), "the focus is on the token");
  await page.unrouteAll();
  await page.getByRole("button", { name: "Save" }).click();
  await eventually(async () => assert.equal(await rows.count(), 30));
});

test("a missing token is asked about again after a minute", async (t) => {
  const { page, rows } = await visit(t, {
    prepare: async (empty) => {
      await empty.clock.install();
      await failAll(empty, { code: "UNAUTHENTICATED" });
    },
  });
  await page.locator(".panel .countdown").waitFor();
  await page.unrouteAll();
  await page.clock.runFor(61_000);
  await eventually(async () => assert.equal(await rows.count(), 30));
});

for (const [where, extensions, headers] of [
  ["extensions.retryAfter", { code: "RATE_LIMITED", retryAfter: 7 }, {}],
  ["Retry-After", { code: "RATE_LIMITED" }, { "Retry-After": "7" }],
]) {
  test(`a 429 counts down the seconds of ${where}, and is tried again when they are over`, async (t) => {
    const visitor = await visit(t);
    const { page, rows, tile, operations } = visitor;
    await rows.first().waitFor();
    await stopTime(visitor);
    await failAll(page, extensions, headers);
    await tile("Pending").click();
    const countdown = page.locator(".panel .countdown");
    await countdown.waitFor();
    assert.equal(await countdown.innerText(), "Tries again in 7 s");
    operations.length = 0;
    await page.clock.runFor(4000);
    await eventually(async () => assert.equal(await countdown.innerText(), "Tries again in 3 s"));
    assert.deepEqual(operations, [], "not before");
    await page.unrouteAll();
    await page.clock.runFor(3000);
    await eventually(async () => assert.equal(await rows.count(), 30));
    assert.deepEqual(operations.map(({ name }) => name), ["ChatsQuery"], "what did not fail is left alone");
  });
}

test("the network that is back ends the wait", async (t) => {
  const visitor = await visit(t);
  const { page, rows, tile } = visitor;
  await rows.first().waitFor();
  await stopTime(visitor);
  await failAll(page, { code: "UPSTREAM_UNAVAILABLE" });
  await tile("Pending").click();
  await page.locator(".panel .countdown").waitFor();
  await page.unrouteAll();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await eventually(async () => assert.equal(await rows.count(), 30));
});

test("requests that nobody waits for any more are aborted", async (t) => {
  const { page, rows, tile } = await visit(t);
  await rows.first().waitFor();
  const ended = [];
  page.on("requestfailed", (request) => {
    const [status] = request.postDataJSON().variables.filter.statuses ?? []; // all chats may be followed by now
    if (status) ended.push(status);
  });
  await page.route("**/graphql", () => {}); // never answered
  for (const name of ["Pending", "Assigned", "Bot", "Resolved"]) await tile(name).click();
  await eventually(() => assert.deepEqual(ended, ["PENDING", "ASSIGNED", "BOT"]));
});

test("the heading is that of the rows in view, and what is on its way is said", async (t) => {
  const { page, rows, tile } = await visit(t);
  await rows.first().waitFor();
  const head = page.locator(".list-head");
  assert.match(await head.innerText(), /^All chats\s+4,849 found$/);
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  await page.route("**/graphql", async (route) => {
    await answered;
    await route.continue();
  });
  await tile("Pending").click();
  await page.getByText("Loading Pending…").waitFor();
  assert.equal(await head.getByRole("heading").innerText(), "All chats", "the rows are still of all statuses");
  answer();
  await page.getByRole("heading", { name: "Pending" }).waitFor();
  assert.match(await head.innerText(), /^Pending\s+\d[\d,]* found/);
});
