// A day of a team: chats move all the time, and what can go wrong with a browser's server does. At the
// end of each step chats rest. The page must then have the list that the server has, and have asked for
// nothing that it did not need.
//
// Each step comes once, or again and again for DAY_MINUTES.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startNetwork } from "./support/network.mjs";
import { startTeam } from "./support/team.mjs";
import { countsOf, eventually, heapOf, origin, rowCount, tileCounts, visit } from "./support/visit.mjs";

const minutes = Number(process.env.DAY_MINUTES ?? 0);

/** How many changes of chats a step takes; a long day has longer steps. */
const changes = minutes > 0 ? 60 : 8;

/** The shortest times between two tries, and between two readings of counts, in milliseconds. */
const retry = 4_000;
const pauseOfCounts = 15_000;

const complaint = /net::ERR_|401 \(Unauthorized\)/; // the browser's own words for what goes wrong

const listQuery = `query ($filter: ChatFilter, $first: Int) { searchChats(filter: $filter, first: $first) {
  totalCount nodes { id statusCode status unreadCount agent { displayName } labels { id name } lastMessageAt } } }`;

/** The day of one visitor. */
class Day {
  constructor(visitor, team, network) {
    Object.assign(this, { visitor, team, network, page: visitor.page, filter: {} });
  }

  /** The first rows of the server, of a filter. */
  async list(filter, first) {
    return (await this.team.ask(listQuery, { filter, first })).searchChats;
  }

  /** Has chats move until the list of all of them has changed so often. */
  async goesOn(count = changes) {
    await this.team.inbox.move();
    const state = async () => JSON.stringify(await this.list({}, 30));
    let before = await state();
    for (let seen = 0; seen < count; ) {
      const now = await state();
      if (now !== before) seen++;
      else await new Promise((resolve) => setTimeout(resolve, 100));
      before = now;
    }
  }

  /** Has chats rest, and waits until the page has the server's list. */
  async isEqual(what) {
    await this.team.inbox.rest();
    await eventually(async () => {
      const { totalCount, nodes } = await this.list(this.filter, 500);
      const drawn = await this.page.evaluate(rowsInDocument);
      assert.ok(drawn.length >= Math.min(30, totalCount), `${what}: ${drawn.length} rows`);
      for (const { place, ...row } of drawn) assert.deepEqual(row, shownAs(nodes[place - 1]), `${what}: row ${place}`);
      const found = await this.page.locator(".list-head p").innerText();
      assert.equal(found, `${totalCount.toLocaleString("en")} found`, what);
    });
  }

  /** Does a step. Its requests must be as many as it returns, by their names. */
  async step(name, act) {
    const { operations, subscriptions } = this.visitor;
    const began = Date.now();
    const wanted = await act(this);
    await this.isEqual(name);
    // Counts are read again when chats have changed, and not more often than this.
    const follows = Math.floor((Date.now() - began) / pauseOfCounts) + 1;
    wanted.StatusCountsQuery = range(wanted.StatusCountsQuery);
    wanted.StatusCountsQuery[1] += follows;
    await eventually(() => { // the list can be as it should be before it is followed again
      const sent = countOf([...operations.map((operation) => operation.name), ...subscriptions.map(() => "subscribed")]);
      for (const key of new Set([...Object.keys(sent), ...Object.keys(wanted)])) {
        const [least, most] = range(wanted[key]);
        const count = sent[key] ?? 0;
        assert.ok(count >= least && count <= most, `${name}: ${key} ${count} times, not ${least} to ${most}`);
      }
    });
    operations.length = 0;
    subscriptions.length = 0;
  }
}

/** How often each name is in a list. */
const countOf = (names) => names.reduce((counts, name) => ({ ...counts, [name]: (counts[name] ?? 0) + 1 }), {});

/** The least and the most of a number, or of such a pair. */
const range = (count = 0) => (Array.isArray(count) ? [...count] : [count, count]);

/** What the rows in the document say. Runs in the page. */
function rowsInDocument() {
  return [...document.querySelectorAll("[data-chat-id]")].map((row) => ({
    place: Number(row.ariaPosInSet),
    id: row.dataset.chatId,
    status: row.querySelector("[data-status]").dataset.status,
    agent: row.querySelector(".agent").textContent,
    unread: Number(row.querySelector(".unread-count [aria-hidden]")?.textContent ?? 0),
    labels: [...row.querySelectorAll("bdi.label")].map((label) => label.title),
    at: row.querySelector(".when time")?.dateTime ?? null,
  }));
}

/** What the row of a chat should say. */
const shownAs = (chat) => ({
  id: chat.id,
  status: chat.status ?? "UNKNOWN",
  agent: chat.agent?.displayName ?? "",
  unread: chat.unreadCount ?? 0,
  labels: chat.labels.slice(0, 3).map(({ id, name }) => name ?? id),
  at: chat.lastMessageAt,
});

/** Enters a token in the settings. */
async function signIn(page, token) {
  await page.locator(".top-bar").getByRole("button", { name: "Settings" }).click();
  await page.getByLabel(/^Token/).fill(token);
  await page.getByRole("button", { name: "Save" }).click();
}

const opened = { ChatsQuery: 1, StatusCountsQuery: 1, subscribed: 1 };

/** The requests after a time without a connection: the list is only read again if too much has come in. */
const caughtUp = (tries = 1) => ({ ChatsQuery: [0, 1], StatusCountsQuery: [0, tries], subscribed: [1, tries + 1] });

const steps = {
  async "a status is chosen, and all of them again"(day) {
    for (const [name, filter] of [["Pending", { statuses: ["PENDING"] }], ["All chats", {}]]) {
      await day.visitor.tile(name).click();
      day.filter = filter;
      await day.isEqual(name);
      await day.goesOn();
    }
    return { ChatsQuery: 2, subscribed: 2 };
  },

  async "a name is searched for, and the search is cleared"(day) {
    await day.page.getByRole("searchbox").fill("an");
    day.filter = { search: "an" };
    await day.goesOn();
    await day.isEqual("the search");
    await day.page.getByRole("button", { name: "Clear filters" }).click();
    day.filter = {};
    return { ChatsQuery: 2, StatusCountsQuery: 2, subscribed: 2 };
  },

  async "somebody reads further down, and comes back"(day) {
    await day.team.inbox.move();
    const before = await rowCount(day.visitor);
    const pages = async () => Math.round(Math.log2((await rowCount(day.visitor)) / before));
    await eventually(async () => {
      await day.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      assert.ok((await pages()) >= 1);
    });
    await day.page.evaluate(() => scrollTo(0, 1200));
    await day.goesOn();
    await day.isEqual("further down");
    const loaded = await pages();
    await day.page.getByRole("button", { name: "Refresh" }).click(); // which also goes to the top
    return { ChatListNextQuery: loaded, ...opened };
  },

  async "chats are opened one after another"(day) {
    await day.team.inbox.move();
    await day.visitor.rows.nth(2).click();
    const drawer = day.page.getByRole("dialog");
    await drawer.waitFor();
    for (let times = 0; times < 5; times++) await day.page.keyboard.press("j");
    await day.goesOn();
    await day.page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    return { subscribed: 0 };
  },

  async "the computer sleeps"(day) {
    const devtools = await day.page.context().newCDPSession(day.page);
    day.network.silence();
    await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    await day.goesOn();
    day.network.restore();
    await devtools.send("Page.setWebLifecycleState", { state: "active" });
    return caughtUp();
  },

  async "the network is gone, and the browser knows"(day) {
    await day.page.context().setOffline(true);
    day.network.lose();
    await day.goesOn();
    day.network.restore();
    await day.page.context().setOffline(false);
    return caughtUp();
  },

  async "the network is gone, and only requests show it"(day) {
    const began = Date.now();
    day.network.lose();
    await day.goesOn();
    day.network.restore();
    return caughtUp(Math.floor((Date.now() - began) / retry) + 1);
  },

  async "the token expires"(day) {
    const { length } = day.visitor.subscriptions;
    await signIn(day.page, day.team.token(5));
    await day.page.getByText("A valid API token is needed").first().waitFor();
    const wasIn = day.visitor.subscriptions.length > length; // a slow machine may come too late
    await signIn(day.page, day.team.token(86_400));
    await day.goesOn();
    return wasIn ? { ChatsQuery: 3, StatusCountsQuery: 3, subscribed: 2 } : { ChatsQuery: 2, StatusCountsQuery: 2, subscribed: 1 };
  },

  async "the service is started again"(day) {
    const began = Date.now();
    const start = await day.team.stopService();
    await start();
    day.network.leadTo(day.team.port());
    await day.goesOn();
    return caughtUp(Math.floor((Date.now() - began) / retry) + 1);
  },
};

test("a day of a team: after each step the page has the server's list, and asked for nothing else", async (t) => {
  const team = await startTeam(origin);
  const network = await startNetwork();
  t.after(async () => {
    network.stop();
    await team.stop();
  });
  network.leadTo(team.port());
  const visitor = await visit(t, { endpoint: network.url, complaint });
  const day = new Day(visitor, team, network);

  await day.step("somebody signs in", async () => {
    await visitor.page.getByRole("heading", { name: "A valid API token is needed" }).waitFor();
    await signIn(visitor.page, team.token(86_400));
    await visitor.rows.first().waitFor();
    return { ChatsQuery: 2, StatusCountsQuery: 2, subscribed: 1 };
  });
  const end = Date.now() + minutes * 60_000;
  do {
    for (const [name, act] of Object.entries(steps)) {
      const began = Date.now();
      await day.step(name, act);
      t.diagnostic(`${name}: ${Math.round((Date.now() - began) / 1000)} s`);
    }
    await eventually(async () => assert.deepEqual(await tileCounts(visitor), await countsOf({}, team.ask), "the counts"));
    const heap = await heapOf(visitor);
    t.diagnostic(`${(heap / 1e6).toFixed(1)} MB of heap`);
    assert.ok(heap <= 60e6, `${heap} bytes of heap`);
  } while (Date.now() < end);
});
