import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { eventually, failWith, rowCount, service, stopTime, tileCounts, visit } from "./support/visit.mjs";

const reference = readFileSync(join(import.meta.dirname, "../../../docs/errors.md"), "utf8");
// The first column of the table, where a row can have several codes.
const codes = reference.match(/^\| `[A-Z].*?\|/gm).flatMap((cell) => cell.match(/[A-Z_]{5,}/g));

test("each error code has a sentence of its own", async (t) => {
  assert.equal(codes.length, 19, "the reference is read");
  const { page, rows } = await visit(t);
  await rows.first().waitFor();
  const titles = new Map();
  const statuses = ["Pending", "Assigned"];
  for (const [index, code] of codes.entries()) {
    await failWith(page, "ChatsQuery", { code, requestId: `REQUEST-${code}` });
    await page.getByRole("button", { name: new RegExp(`^${statuses[index % 2]}`) }).click();
    await page.getByText(`REQUEST-${code}`).waitFor();
    titles.set(await page.locator(".panel h3").innerText(), code);
  }
  assert.equal(titles.size, codes.length, [...titles.keys()].join("\n"));
  assert.ok(!titles.has("Something went wrong"), "none is unknown");
});

test("Retry tries again, and the rows come", async (t) => {
  const visitor = await visit(t);
  const { page, rows, tile, operations } = visitor;
  await rows.first().waitFor();
  await stopTime(visitor); // or the page might try again before the test does
  await failWith(page, "ChatsQuery", { code: "UPSTREAM_TIMEOUT" });
  await tile("Pending").click();
  await page.getByRole("heading", { name: "Texter took too long" }).waitFor();
  const retry = page.getByRole("button", { name: "Retry" });
  operations.length = 0;
  await retry.click();
  await eventually(() => assert.equal(operations.length, 1));
  await eventually(async () => assert.equal(await retry.innerText(), "Retry")); // it failed again
  await page.unrouteAll();
  await retry.click();
  await eventually(async () => assert.equal(await rows.count(), 30));
});

test("a missing token leads to the settings", async (t) => {
  const { page } = await visit(t, { prepare: (empty) => failWith(empty, "", { code: "UNAUTHENTICATED" }) });
  const panel = page.locator(".panel");
  await panel.getByRole("heading", { name: "A valid API token is needed" }).waitFor();
  await panel.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel(/^Token/).waitFor();
});

test("rows stay when only the counts fail, and the counts come back", async (t) => {
  const visitor = await visit(t);
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await stopTime(visitor); // or the page might try again before the test does
  await failWith(page, "StatusCountsQuery", { code: "UPSTREAM_TIMEOUT" });
  await page.getByLabel("Also without messages").check();
  await page.getByText("No counts.").waitFor();
  await eventually(async () => assert.equal(await rows.count(), 30));
  assert.deepEqual(new Set(Object.values(await tileCounts(visitor))), new Set(["–"]));
  await page.unrouteAll();
  await page.getByRole("button", { name: "Retry" }).click();
  await eventually(async () => assert.match((await tileCounts(visitor))["All chats"], /^\d,\d{3}$/));
  assert.equal(await rows.count(), 30);
});

test("one count that fails leaves the others", async (t) => {
  const visitor = await visit(t, {
    prepare: (empty) =>
      empty.route("**/graphql", async (route) => {
        const response = await route.fetch();
        const json = await response.json();
        if (!json.data?.BULK) return route.fulfill({ response });
        json.data.BULK = null;
        json.errors = [{ message: "Not this time.", path: ["BULK"], extensions: { code: "UPSTREAM_TIMEOUT" } }];
        return route.fulfill({ response, json });
      }),
  });
  await eventually(async () => {
    const counts = await tileCounts(visitor);
    assert.equal(counts.Bulk, "–");
    assert.equal(counts["All chats"], "4,849");
  });
});

test("rows stay when the next page or a refresh fails", async (t) => {
  const visitor = await visit(t);
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await failWith(page, "ChatListNextQuery", { code: "INTERNAL_SERVER_ERROR" });
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.getByText("No further chats.").waitFor();
  assert.equal(await rowCount(visitor), 30);
  await page.unrouteAll();
  await page.getByRole("button", { name: "Retry" }).click();
  await eventually(async () => assert.ok((await rowCount(visitor)) >= 60));

  await failWith(page, "ChatsQuery", { code: "INTERNAL_SERVER_ERROR" });
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("Not refreshed.").waitFor();
  assert.ok((await rowCount(visitor)) >= 60);
});

test("an endpoint that is something else is said to be", async (t) => {
  const { page } = await visit(t, {
    endpoint: new URL("/", service.GraphQL).href,
    prepare: (empty) =>
      empty.route("**/", (route) =>
        route.request().method() === "POST"
          ? route.fulfill({ headers: { "access-control-allow-origin": "*" }, body: "<p>Hello</p>" })
          : route.continue(),
      ),
  });
  await page.getByRole("heading", { name: "This is not a GraphQL server" }).waitFor();
});
