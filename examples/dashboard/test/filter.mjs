import assert from "node:assert/strict";
import { test } from "node:test";

import { chats, countsOf, debounce, eventually, shows, stopTime, tileCounts, visit } from "./support/visit.mjs";

test("a search changes the rows and the counts, with one request each", async (t) => {
  const visitor = await visit(t);
  const { page, operations } = visitor;
  await visitor.rows.first().waitFor();
  await stopTime(visitor);
  operations.length = 0;
  for (const key of "כהן") {
    await page.clock.runFor(debounce - 1);
    await page.getByRole("searchbox").pressSequentially(key);
  }
  await page.clock.runFor(debounce);
  await shows(visitor, { search: "כהן" });
  assert.deepEqual(operations.map(({ name }) => name).sort(), ["ChatsQuery", "StatusCountsQuery"]);

  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.clock.runFor(debounce);
  const all = await chats({});
  await eventually(async () => assert.deepEqual(await visitor.ids(), all.ids));
});

test("one character is not searched for, and the field says why", async (t) => {
  const visitor = await visit(t);
  const { page, rows, operations } = visitor;
  await rows.first().waitFor();
  await stopTime(visitor);
  const search = page.getByRole("searchbox");
  await search.fill("כ");
  const hint = page.getByText("a search needs at least 2");
  await hint.waitFor();
  await page.clock.runFor(debounce);
  await search.fill("כה");
  await page.clock.runFor(debounce);
  await hint.waitFor({ state: "detached" });
  await eventually(() => assert.ok(operations.some(({ variables }) => variables.search === "כה")));
  const searches = operations.map(({ variables }) => variables.search ?? variables.filter?.search).filter(Boolean);
  assert.deepEqual([...new Set(searches)], ["כה"]);
});

test("accounts are offered by the rows, and any other by hand", async (t) => {
  const visitor = await visit(t);
  const { page } = visitor;
  await visitor.rows.first().waitFor();
  const account = page.getByLabel("Channel account");
  await account.selectOption({ label: "WhatsApp · 97230000002" });
  await shows(visitor, { channel: { name: "WHATSAPP", accountId: "97230000002" } });

  await account.selectOption({ label: "Other account…" });
  await page.getByLabel("Network").selectOption({ label: "Email" });
  await page.getByLabel("Account id").fill("support@example.com");
  await page.keyboard.press("Enter");
  await shows(visitor, { channel: { name: "EMAIL", accountId: "support@example.com" } });
  assert.equal(await account.evaluate((select) => select.selectedOptions[0].text), "Email · support@example.com");
});

test("chats without messages come in on demand", async (t) => {
  const visitor = await visit(t);
  await visitor.tile("Bot").click();
  await visitor.page.getByLabel("Also without messages").check();
  const [want, counts] = [await chats({ statuses: ["BOT"], showNoMessages: true }, 30), await countsOf({ showNoMessages: true })];
  await eventually(async () => {
    assert.deepEqual(await visitor.ids(), want.ids);
    assert.deepEqual(await tileCounts(visitor), counts);
  });
});

test("a filter that nothing matches says so, and offers the way back", async (t) => {
  const { page, rows } = await visit(t);
  await rows.first().waitFor();
  await page.getByRole("searchbox").fill("Nobody of this name");
  await page.getByRole("heading", { name: "No chats match" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await eventually(async () => assert.equal(await rows.count(), 30));
  assert.equal(await page.getByRole("searchbox").inputValue(), "");
});
