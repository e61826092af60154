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
  const signIn = (empty) => empty.addInitScript((token) => sessionStorage.setItem("inbox.token", token), team.token(3600));
  const visitor = await visit(t, { endpoint: `http://127.0.0.1:${team.port()}/graphql`, complaint, prepare: signIn });
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
  const { top } = (await inView()).find(({ id }) => id === below.id);
  assert.ok(Math.abs(top - below.top) < 2, `${below.top} ${top}`);
});

test("after more has come in than the server watches, no chat is missing", async (t) => {
  const [team, network] = [await startTeam(origin, "1ms"), await startNetwork()];
  t.after(async () => {
    network.stop();
    await team.stop();
  });
  network.leadTo(team.port());
  const signIn = (empty) => empty.addInitScript((token) => sessionStorage.setItem("inbox.token", token), team.token(3600));
  const visitor = await visit(t, { endpoint: network.url, complaint, prepare: signIn });
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
