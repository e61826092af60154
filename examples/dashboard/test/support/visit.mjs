// What every test begins with: the dashboard, open on a sandbox.

import assert from "node:assert/strict";

import { startService } from "../../../../test/harness/service.mjs";
import { startDashboard } from "./dashboard.mjs";

export const service = await startService();
const dashboard = await startDashboard();

/** Where the page is. */
export const { origin } = dashboard;

export async function stop() {
  await dashboard.stop();
  await service.stop();
}

/**
 * Opens the dashboard. When the test ends the console must be clean, and no
 * host may have been called but the page's and the server's.
 */
export async function visit(t, { at = dashboard, endpoint = service.GraphQL, query, complaint, prepare, ...options } = {}) {
  const visitor = await at.open(endpoint, options, prepare, query);
  t.after(async () => {
    await visitor.close();
    const unexpected = visitor.complaints.filter((text) => !complaint?.test(text));
    assert.deepEqual(unexpected, [], "the console is clean");
    const known = new Set([at.origin, endpoint].map((url) => new URL(url).host));
    assert.deepEqual([...visitor.hosts].sort(), [...known].sort(), "no other host is called");
  });
  return visitor;
}

/**
 * Lets no time pass on the page from now on: page.clock.runFor does, so that no
 * test depends on how fast the machine is. React goes on, for it has the clock of
 * before.
 */
export async function stopTime({ page }) {
  await page.clock.install({ time: Date.now() });
  await page.clock.pauseAt(Date.now() + 1_000_000);
}

/** How long a search waits for the next key, in milliseconds of the page's clock. */
export const debounce = 300;

/** Waits until something holds: for what Playwright's locators can't wait for. */
export async function eventually(check) {
  const end = Date.now() + 300_000; // a busy machine takes its time
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * The ids of the first rows. Only those near the view are in the document, so this goes to each that it
 * has not seen, which loads more of the list.
 */
export async function firstIds({ page }, count) {
  const ids = new Map();
  for (let place = 1; place <= count; place++) {
    await eventually(async () => {
      if (ids.has(place)) return;
      for (const [at, id] of await page.evaluate(goToRow, place)) ids.set(at, id);
      assert.ok(ids.has(place), `no row ${place}`);
    });
  }
  return Array.from({ length: count }, (_, at) => ids.get(at + 1));
}

/** Goes to where a row should be, or to the end of the list; returns what is drawn. Runs in the page. */
async function goToRow(place) {
  const list = document.querySelector("[role=feed]");
  const height = list.offsetHeight / Number(list.dataset.rows);
  scrollTo(0, list.getBoundingClientRect().top + scrollY + (place - 1) * height - 200);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return [...document.querySelectorAll("[data-chat-id]")].map((row) => [Number(row.ariaPosInSet), row.dataset.chatId]);
}

/** Answers the requests of an operation with an error, in place of the server. */
export async function failWith(page, name, extensions) {
  await page.unrouteAll();
  await page.route("**/graphql", (route) => {
    if (!route.request().postData()?.includes(`query ${name}`)) return route.continue();
    return route.fulfill({
      headers: { "access-control-allow-origin": "*" },
      json: { data: null, errors: [{ message: "Not this time.", extensions }] },
    });
  });
}

/** How many rows there are, drawn or not. */
export const rowCount = ({ page }) => page.evaluate(() => Number(document.querySelector("[role=feed]")?.dataset.rows ?? 0));

/** How many bytes the scripts of the page hold, once what nobody needs is gone. */
export async function heapOf({ page }) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  await devtools.detach();
  return usedSize;
}

/** Asks the service without the dashboard: what the page is measured by. */
export async function ask(query, variables) {
  const response = await fetch(service.GraphQL, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data;
}

/** The ids of the first chats of a filter, and how many there are, without the dashboard. */
export async function chats(filter, first = 30) {
  const query = "query ($filter: ChatFilter, $first: Int) { searchChats(filter: $filter, first: $first) { totalCount nodes { id } } }";
  const { searchChats } = await ask(query, { filter, first });
  return { total: searchChats.totalCount, ids: searchChats.nodes.map(({ id }) => id) };
}

/** What the tiles show, by name. */
export async function tileCounts({ page }) {
  const texts = await page.getByRole("list", { name: "Chats by status" }).getByRole("button").allInnerTexts();
  return Object.fromEntries(
    texts.map((text) => {
      const [name, count] = text.split("\n").filter((line) => line.trim());
      return [name, count];
    }),
  );
}

const totalQuery = "query ($filter: ChatFilter) { searchChats(filter: $filter, first: 0) { totalCount } }";

/** What the tiles should show for a filter. */
export async function countsOf(filter, of = ask) {
  const names = { "All chats": null, Pending: "PENDING", Assigned: "ASSIGNED", Bot: "BOT", Resolved: "RESOLVED", Bulk: "BULK" };
  const entries = Object.entries(names).map(async ([name, status]) => {
    const { searchChats } = await of(totalQuery, { filter: { ...filter, statuses: status && [status] } });
    return [name, searchChats.totalCount.toLocaleString("en")];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Waits for the rows and the counts of a filter, which must not be those of no filter. Counts are of no status. */
export async function shows(visitor, filter, statuses = {}) {
  const [want, counts, all] = [await chats({ ...filter, ...statuses }), await countsOf(filter), await chats({})];
  assert.notDeepEqual(want.ids, all.ids, "the filter makes a difference");
  await eventually(async () => {
    const drawn = await visitor.ids();
    const isNarrow = await visitor.page.evaluate((query) => matchMedia(query).matches, "(max-width: 900px)");
    assert.deepEqual(drawn, isNarrow ? want.ids.slice(0, Math.max(drawn.length, 12)) : want.ids); // a narrow screen draws 12 at first
    assert.deepEqual(await tileCounts(visitor), counts);
    assert.equal(await visitor.page.locator(".list-head p").innerText(), `${want.total.toLocaleString("en")} found`);
  });
}
