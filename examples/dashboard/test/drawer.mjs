import assert from "node:assert/strict";
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

/** Changes the link that the CRM has for the first chat. */
const withLink = (link) => (empty) =>
  empty.route("**/graphql", async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    const first = json.data.searchChats?.edges?.[0];
    if (first) first.node.crmDeepLink = link;
    return route.fulfill({ response, json });
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
