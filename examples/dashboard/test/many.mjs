import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { startService } from "../../../test/harness/service.mjs";
import { eventually, failWith, firstIds, heapOf, rowCount, visit } from "./support/visit.mjs";

const limits = { nodes: 1500, bytesOfHeap: 60e6, bytesOfScript: 240_000 };

/** Counts the relative times that are put into words, and collects the tasks of more than 50 ms. Runs in the page. */
function watchTimes() {
  const { format } = Intl.RelativeTimeFormat.prototype;
  Object.assign(window, { formatted: 0, longTasks: [] });
  Intl.RelativeTimeFormat.prototype.format = function (...values) {
    window.formatted++;
    return format.apply(this, values);
  };
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
}

/** Works on the page's clock, and watches what a refresh of the times takes. */
async function withTimes(empty) {
  await empty.clock.install();
  await empty.addInitScript(watchTimes);
}

test("after more than 10,000 rows the document is no larger than before, and each row knows its number", async (t) => {
  const service = await startService({ flags: ["-sandbox-chats", "10600"] });
  t.after(() => service.stop());
  const visitor = await visit(t, { endpoint: service.GraphQL, prepare: withTimes, complaint: /net::ERR_/ }); // the service is stopped before the page
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await eventually(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const count = await rowCount(visitor);
    assert.ok(count >= 10_000, `${count} rows`);
  });
  await eventually(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const last = rows.last();
    assert.ok(Number(await last.getAttribute("aria-posinset")) > 9_900);
  });
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  assert.ok(nodes <= limits.nodes, `${nodes} nodes`);
  const usedSize = await heapOf(visitor);
  t.diagnostic(`${nodes} nodes, ${(usedSize / 1e6).toFixed(1)} MB of heap`);
  assert.ok(usedSize <= limits.bytesOfHeap, `${usedSize} bytes`);

  await rows.last().focus();
  await page.keyboard.press("Home");
  await eventually(async () => {
    assert.equal(await page.evaluate(() => document.activeElement.ariaPosInSet), "1", "the keyboard crosses all of them");
  });
  assert.equal(await rows.first().getAttribute("aria-setsize"), await page.evaluate(() => document.activeElement.ariaSetSize));

  const times = () => page.locator("[data-chat-id] .when time").allInnerTexts();
  const before = await times();
  await page.evaluate(() => Object.assign(window, { formatted: 0, longTasks: [] }));
  await page.clock.fastForward("01:00:00");
  await eventually(async () => assert.notDeepEqual(await times(), before, "the times are those of an hour later"));
  const { formatted, longTasks } = await page.evaluate(() => ({ formatted: window.formatted, longTasks: window.longTasks }));
  t.diagnostic(`${formatted} times refreshed; tasks of more than 50 ms: ${longTasks.join(", ") || "none"}`);
  assert.ok(formatted > 0 && formatted <= (await rows.count()), `${formatted} times, of more rows than are in the document`);
});

/** A row in view, and where it is. */
const placeOf = ({ page }) =>
  eventually(async () => {
    const rows = await page.evaluate(() =>
      [...document.querySelectorAll("[data-chat-id]")].map((row) => [row.dataset.chatId, Math.round(row.getBoundingClientRect().top)]),
    );
    return rows.find(([, y]) => y >= 100 && y < 200) ?? assert.fail("the rows in view are not drawn yet");
  });

/** Presses the button without scrolling to it. */
const refreshInPlace = (page) => page.getByRole("button", { name: "Refresh" }).evaluate((button) => button.click());

test("a note above the list keeps the place, when it comes and when it goes", async (t) => {
  const visitor = await visit(t);
  const { page } = visitor;
  await visitor.rows.first().waitFor();
  await firstIds(visitor, 60);
  await page.evaluate(() => scrollTo(0, 1500));
  await page.locator("[role=feed][aria-busy=false]").waitFor();
  const [before, top] = [await placeOf(visitor), await page.evaluate(() => scrollY)];
  await failWith(page, "ChatsQuery", { code: "INTERNAL_SERVER_ERROR" });
  await refreshInPlace(page);
  await page.getByText("Not refreshed.").waitFor();
  await eventually(async () => assert.deepEqual(await placeOf(visitor), before));
  assert.ok((await page.evaluate(() => scrollY)) > top, "the note is above");
  await page.unrouteAll();
  await refreshInPlace(page);
  await page.getByText("Not refreshed.").waitFor({ state: "detached" });
  await eventually(async () => assert.deepEqual(await placeOf(visitor), before));
  assert.equal(await page.evaluate(() => scrollY), top);
});

test("a refresh keeps the place and the number of rows", async (t) => {
  const visitor = await visit(t);
  const { page } = visitor;
  await visitor.rows.first().waitFor();
  await firstIds(visitor, 90);
  await page.evaluate(() => scrollTo(0, 3000));
  await page.locator("[role=feed][aria-busy=false]").waitFor(); // the next page is no longer on its way
  const before = { rows: await rowCount(visitor), place: await placeOf(visitor) };
  visitor.operations.length = 0;

  // Two chats that are new come in above.
  await page.route("**/graphql", async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    const edges = json.data?.searchChats?.edges;
    if (edges) edges.unshift(...[1, 2].map((n) => ({ ...structuredClone(edges[0]), cursor: `new${n}`, node: { ...edges[0].node, id: `new${n}` } })));
    return route.fulfill({ response, json });
  });
  await refreshInPlace(page);
  await eventually(async () => assert.equal(await rowCount(visitor), before.rows + 2));
  await eventually(async () => assert.deepEqual(await placeOf(visitor), before.place));
  const { variables } = visitor.operations.find(({ name }) => name === "ChatsQuery");
  assert.equal(variables.count, before.rows);
  assert.equal(visitor.operations.length, 2, "one request for the rows and one for the counts");
});

test("the scripts of the page are small enough", (t) => {
  const assets = join(import.meta.dirname, "../dist/assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  const size = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
  t.diagnostic(`${size} bytes, gzipped`);
  assert.ok(size > 100_000 && size <= limits.bytesOfScript, `${size} bytes`);
});
