import assert from "node:assert/strict";
import { test } from "node:test";

import { startService } from "../../../test/harness/service.mjs";
import { startNetwork } from "./support/network.mjs";
import { startTeam } from "./support/team.mjs";
import { eventually, firstIds, origin, rowCount, visit } from "./support/visit.mjs";

const complaint = /net::ERR_/; // the service is stopped before the page is closed

/** A service whose chats move, and what its list begins with. */
async function living(t) {
  const service = await startService({ flags: ["-live-interval", "500ms"], env: { SANDBOX_TRAFFIC: "400ms" } });
  t.after(() => service.stop());
  const first = async () => {
    const response = await fetch(service.GraphQL, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query: "{ searchChats(first: 20) { nodes { id } } }" }),
    });
    return (await response.json()).data.searchChats.nodes.map(({ id }) => id);
  };
  return { service, first };
}

/** Prepares an empty page for somebody who has signed in. */
const signedIn = (team) => (empty) =>
  empty.addInitScript((token) => sessionStorage.setItem("inbox.token", token), team.token(3600));

test("the rows follow those of the server, without a request for them", async (t) => {
  const { service, first } = await living(t);
  const visitor = await visit(t, { endpoint: service.GraphQL, complaint });
  await visitor.rows.first().waitFor();
  const before = (await visitor.ids()).slice(0, 20);
  for (let round = 0; round < 3; round++) {
    const now = await first();
    await eventually(async () => {
      const [want, seen] = [await first(), (await visitor.ids()).slice(0, 20)];
      assert.notDeepEqual(seen, before, "something has changed");
      assert.deepEqual(seen, want);
    });
    const drawn = await visitor.ids();
    assert.equal(new Set(drawn).size, drawn.length, "no chat twice");
    await eventually(async () => assert.notDeepEqual(await first(), now));
  }
  assert.equal(visitor.operations.filter(({ name }) => name === "ChatsQuery").length, 1);
  assert.equal(visitor.subscriptions.length, 1);
});

test("who reads further down keeps the place, and is told how many chats are new", async (t) => {
  const { service } = await living(t);
  const visitor = await visit(t, { endpoint: service.GraphQL, complaint });
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await eventually(async () => {
    await page.evaluate(() => scrollTo(0, 1500));
    assert.ok((await rowCount(visitor)) >= 60);
  });
  const pill = page.getByRole("button", { name: /^\d+ new$/ });
  await pill.waitFor();
  assert.ok((await page.evaluate(() => scrollY)) > 1000, "the place is kept");
  await pill.evaluate((button) => button.click());
  await eventually(async () => assert.equal(await page.evaluate(() => scrollY), 0));
  await pill.waitFor({ state: "detached" });
});

test("who reads further down stays there when the chats in view go to the top", async (t) => {
  const team = await startTeam(origin, "1s");
  t.after(() => team.stop());
  const visitor = await visit(t, { endpoint: `http://127.0.0.1:${team.port()}/graphql`, complaint, prepare: signedIn(team) });
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await eventually(async () => {
    await page.evaluate(() => scrollTo(0, 1500));
    assert.ok((await rowCount(visitor)) >= 60);
  });
  const inView = () =>
    rows.evaluateAll((all) =>
      all
        .map((row) => ({ id: row.dataset.chatId, top: row.getBoundingClientRect().top }))
        .filter(({ top }) => top > -60)
        .sort((a, b) => a.top - b.top),
    );
  const [one, two, three, below] = await inView();
  for (const { id } of [one, two, three]) await team.inbox.message(id);
  await page.getByRole("button", { name: "3 new" }).waitFor();
  await eventually(async () => {
    const { top } = (await inView()).find(({ id }) => id === below.id);
    assert.ok(Math.abs(top - below.top) < 2, `${below.top} ${top}`);
  });
});

test("a batch that comes late is not applied to a page that was read after it", async (t) => {
  const team = await startTeam(origin, "1s");
  t.after(() => team.stop());
  const prepare = async (empty) => {
    await signedIn(team)(empty);
    await empty.addInitScript(holdBatches);
  };
  const visitor = await visit(t, { endpoint: `http://127.0.0.1:${team.port()}/graphql`, complaint, prepare });
  const { page } = visitor;
  await eventually(() => assert.equal(visitor.subscriptions.length, 1));
  const batches = (count) => eventually(async () => assert.equal(await page.evaluate(() => held.length), count));
  await batches(1); // nothing has changed yet
  const [third, , fifth] = (await visitor.ids()).slice(2);
  await team.inbox.message(third);
  await batches(2);
  await team.inbox.message(fifth);
  await batches(3);

  await page.evaluate(() => (giveWithNextPage = 2));
  await page.getByRole("button", { name: "Refresh" }).click();
  await eventually(() => assert.ok(visitor.subscriptions.length > 1));
  assert.equal(await page.evaluate(() => given), 2, "batches came with the page");
  await page.evaluate(() => (isHolding = false));
  await eventually(async () => assert.deepEqual((await visitor.ids()).slice(0, 2), [fifth, third]));
});

/**
 * Holds the batches of subscriptions back. With the next page it gives `giveWithNextPage` of them: after
 * the page is in the store, and before it is drawn. Runs in the page.
 */
function holdBatches() {
  Object.assign(globalThis, { held: [], isHolding: true, giveWithNextPage: 0, given: 0 });
  const send = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    const response = await send(url, init);
    if (/"query":"subscription/.test(init?.body)) {
      const hold = (chunk, controller) => {
        const isBatch = new TextDecoder().decode(chunk).includes("event: next");
        if (isHolding && isBatch) held.push(() => controller.enqueue(chunk));
        else controller.enqueue(chunk);
      };
      return new Response(response.body.pipeThrough(new TransformStream({ transform: hold })), response);
    }
    const read = response.json.bind(response);
    response.json = async () => {
      const answer = await read();
      if (answer.data?.searchChats) void giveSoon();
      return answer;
    };
    return response;
  };
  async function giveSoon() {
    const batches = held.splice(0, giveWithNextPage);
    giveWithNextPage = 0;
    given += batches.length;
    for (let turns = 0; turns < 100; turns++) await null; // the page goes into the store; nothing is drawn before this ends
    for (const give of batches) give();
  }
}

test("who is refused live rows is not asked for again and again", async (t) => {
  const visitor = await visit(t, {
    complaint: /403 \(Forbidden\)/,
    prepare: async (empty) => {
      await empty.clock.install();
      await empty.route("**/graphql", (route) => {
        if (!route.request().postDataJSON()?.query.startsWith("subscription")) return route.continue();
        const errors = [{ message: "Not this time.", extensions: { code: "FORBIDDEN" } }];
        return route.fulfill({ status: 403, headers: { "access-control-allow-origin": "*" }, json: { errors } });
      });
    },
  });
  await visitor.rows.first().waitFor();
  await eventually(() => assert.equal(visitor.subscriptions.length, 2)); // after a refresh at once, then no more
  await visitor.page.clock.runFor(30_000);
  assert.equal(visitor.subscriptions.length, 2);
  assert.equal(visitor.operations.filter(({ name }) => name === "ChatsQuery").length, 2);
});

test("after more has come in than the server watches, no chat is missing", async (t) => {
  const [team, network] = [await startTeam(origin, "1ms"), await startNetwork()];
  t.after(async () => {
    network.stop();
    await team.stop();
  });
  network.leadTo(team.port());
  const visitor = await visit(t, { endpoint: network.url, complaint, prepare: signedIn(team) });
  await visitor.rows.first().waitFor();
  const first = async (count) => {
    const { searchChats } = await team.ask("query ($count: Int) { searchChats(first: $count) { nodes { id } } }", { count });
    return searchChats.nodes.map(({ id }) => id);
  };
  await eventually(() => assert.equal(visitor.subscriptions.length, 1));
  const before = new Set(await visitor.ids());
  network.lose();
  await team.inbox.move();
  await eventually(async () => assert.ok((await first(150)).every((id) => !before.has(id))));
  await team.inbox.rest();
  network.restore();
  const want = await first(180);
  await eventually(async () => assert.deepEqual(await visitor.ids(), want.slice(0, (await visitor.ids()).length)));
  assert.deepEqual(await firstIds(visitor, 180), want);
});
