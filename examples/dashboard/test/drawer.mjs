import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ask, eventually, visit } from "./support/visit.mjs";

const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);
const openId = (page) => new URL(page.url()).searchParams.get("chat");

test("a row opens everything that its chat has, and the phone number can be copied and called", async (t) => {
  const visitor = await visit(t, { query: "?status=PENDING", permissions: ["clipboard-read", "clipboard-write"] });
  const { page, rows } = visitor;
  await rows.first().waitFor();
  const { searchChats } = await ask(
    "{ searchChats(filter: { statuses: [PENDING] }, first: 30) { nodes { id name clientPhoneE164 entityPhone departmentId personId } } }",
  );
  const at = searchChats.nodes.findIndex(({ clientPhoneE164, name }) => clientPhoneE164 && name);
  const chat = searchChats.nodes[at];
  await rows.nth(at).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("heading", { name: chat.name }).waitFor();
  for (const value of [chat.id, chat.clientPhoneE164, chat.entityPhone, chat.departmentId, chat.personId]) {
    if (value) await drawer.getByText(value, { exact: true }).first().waitFor();
  }
  assert.match(await drawer.innerText(), /waiting \d+ (min|hr|days?)/);
  await drawer.getByRole("button", { name: /Copy$/ }).click();
  await drawer.getByText("Copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), chat.clientPhoneE164);
  assert.equal(await drawer.getByRole("link", { name: "Call" }).getAttribute("href"), `tel:${chat.clientPhoneE164}`);
});

/** Changes fields of the first chat. */
const withFields = (fields) => (empty) =>
  empty.route("**/graphql", async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    const first = json.data.searchChats?.edges?.[0];
    if (first) Object.assign(first.node, fields);
    return route.fulfill({ response, json });
  });
const withLink = (crmDeepLink) => withFields({ crmDeepLink });

const bots = {
  botState: { flow: { identifier: "welcome-bot", version: 37 }, node: "handoff", userState: { choice: "נציג אנושי" } },
  previousBotSession: { flow: { identifier: "survey-bot", version: 5 }, node: "thanks", userState: { stars: 4 } },
  replyAction: {
    createdAt: "2026-01-02T03:04:05Z",
    expiresAt: "2026-02-03T03:04:05Z",
    chatStatus: null,
    chatStatusCode: 7,
    setBotNode: "offer",
    bot: "sales-bot",
    replyText: "Thanks, we call you",
    responsibleAgent: "agent-7",
    responsibleDepartment: "sales",
    replyToTemplateFile: { name: "price list.pdf", url: "https://example.com/1.pdf" },
    resolveAt: "2026-03-04T03:04:05Z",
  },
};

test("what bots do with a chat is there: now, before, and when a template is answered", async (t) => {
  const { page, rows } = await visit(t, { prepare: withFields(bots) });
  await rows.first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText("Bot before").waitFor();
  const text = await drawer.innerText();
  const { replyAction } = bots;
  const texts = [replyAction.setBotNode, replyAction.bot, replyAction.replyText, replyAction.responsibleAgent, replyAction.responsibleDepartment];
  for (const part of ["welcome-bot 37", "handoff", "נציג אנושי", "survey-bot 5", "thanks", '"stars": 4', "Status 7", "price list.pdf", ...texts]) {
    assert.ok(text.includes(part), part);
  }
  for (const at of ["Jan 2, 2026", "Feb 3, 2026", "Mar 4, 2026"]) assert.ok(text.includes(at), at);
});

test("the rows have every field of a chat but two, so that the drawer can show it", async (t) => {
  const { rows, operations } = await visit(t);
  await rows.first().waitFor();
  const schema = readFileSync(join(import.meta.dirname, "../../../schema.graphqls"), "utf8");
  const [, body] = /^type Chat \{\n(.*?)^\}/ms.exec(schema);
  const fields = [...body.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  assert.ok(fields.length > 30, "the fields are read");
  const response = await operations.find(({ name }) => name === "ChatsQuery").request.response();
  const { node } = (await response.json()).data.searchChats.edges[0];
  // The raw object repeats the others, and the labels have the ids.
  assert.deepEqual(fields.filter((name) => !(name in node)), ["labelIds", "raw"]);
});

test("a link to the CRM is followed to the web alone", async (t) => {
  const good = await visit(t, { prepare: withLink("https://crm.example.com/contacts/7") });
  await good.rows.first().click();
  const link = good.page.getByRole("link", { name: "Open in the CRM" });
  assert.equal(await link.getAttribute("href"), "https://crm.example.com/contacts/7");
  assert.equal(await link.getAttribute("rel"), "noreferrer");

  const bad = await visit(t, { prepare: withLink("javascript:alert(1)") });
  await bad.rows.first().click();
  await bad.page.getByRole("dialog").waitFor();
  assert.equal(await bad.page.getByRole("link", { name: "Open in the CRM" }).count(), 0);
});

test("a chat that is open is in the address, and back closes it", async (t) => {
  const visitor = await visit(t);
  const { page, rows } = visitor;
  const [, second] = await eventually(async () => {
    const ids = await visitor.ids();
    assert.equal(ids.length, 30);
    return ids;
  });
  await rows.nth(1).click();
  assert.equal(openId(page), second);
  await page.reload();
  await page.getByRole("dialog").getByText(second, { exact: true }).waitFor();
  await page.goBack();
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

for (const [keyboard, down, up] of [["English", "j", "k"], ["Hebrew", "ח", "ל"]]) {
  test(`keys of ${keyboard === "English" ? "an English" : "a Hebrew"} keyboard go from chat to chat, open and close`, async (t) => {
    const visitor = await visit(t);
    const { page, rows } = visitor;
    await rows.first().waitFor();
    const ids = await visitor.ids();
    const press = (key) => page.evaluate((k) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true, cancelable: true })), key);
    const focused = (index) => eventually(async () => assert.ok(await isFocused(rows.nth(index)), `row ${index}`));
    await press(down);
    await focused(0);
    await press(down);
    await focused(1);
    await press(up);
    await focused(0);
    await press(down);
    await focused(1);
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog");
    await drawer.getByText(ids[1], { exact: true }).waitFor();
    await press(down); // while one is open
    await drawer.getByText(ids[2], { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await focused(2);
    await page.keyboard.press("/");
    await eventually(async () => assert.ok(await isFocused(page.getByRole("searchbox"))));
    await page.keyboard.type("jk/");
    assert.equal(await page.getByRole("searchbox").inputValue(), "jk/", "in a field they are letters");
  });
}

test("the keys can be turned off", async (t) => {
  const { page, rows } = await visit(t);
  await rows.first().waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel(/^Keyboard shortcuts/).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await page.keyboard.press("j");
  assert.ok(!(await isFocused(page.getByRole("searchbox"))) && !(await isFocused(rows.first())));
});
