import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, shows, visit } from "./support/visit.mjs";

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** By how many pixels the page is wider than the window. */
const overhang = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("a phone shows six rows, with agent and account", async (t) => {
  const { page, rows } = await visit(t, { ...phone, query: "?status=ASSIGNED" });
  await rows.first().waitFor();
  const bottoms = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().bottom));
  assert.ok(bottoms.filter((bottom) => bottom <= 844).length >= 6, bottoms.slice(0, 8).join(", "));
  const row = rows.filter({ has: page.locator(".agent bdi:not(:empty)") }).first();
  for (const part of [".agent", ".channel .sub"]) {
    const box = await row.locator(part).boundingBox();
    assert.ok(box.width > 20 && box.height > 10, part);
  }
});

test("the filters are in a sheet, which says how many are set", async (t) => {
  const visitor = await visit(t, phone);
  const { page } = visitor;
  await visitor.rows.first().waitFor();
  assert.equal(await page.getByLabel("Channel account").count(), 0);
  await page.getByRole("button", { name: "Filters" }).click();
  const sheet = page.getByRole("dialog", { name: "Filter chats" });
  await sheet.getByLabel("Channel account").selectOption({ label: "WhatsApp · 97230000002" });
  await sheet.getByRole("button", { name: /^Statuses:/ }).click();
  await sheet.getByRole("checkbox", { name: "Resolved" }).check();
  await page.keyboard.press("Escape"); // the choice closes, the sheet stays
  await sheet.getByRole("checkbox", { name: "Resolved" }).waitFor({ state: "detached" });
  await sheet.getByRole("button", { name: "Show chats" }).click();
  await page.getByRole("button", { name: "Filters (1)" }).waitFor();
  await shows(visitor, { channel: { name: "WHATSAPP", accountId: "97230000002" } });
});

test("no field is so small that a phone zooms into it", async (t) => {
  const { page, rows } = await visit(t, phone);
  await rows.first().waitFor();
  const sizes = () =>
    page.locator("input:not([type=checkbox], [type=radio]), select").evaluateAll((all) => all.map((field) => parseFloat(getComputedStyle(field).fontSize)));
  const all = [...(await sizes())];
  await page.getByRole("button", { name: "Filters" }).click();
  all.push(...(await sizes()));
  await page.getByLabel("Channel account").selectOption({ label: "Other account…" });
  all.push(...(await sizes()));
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Settings" }).click();
  all.push(...(await sizes()));
  assert.ok(all.length > 8 && all.every((size) => size >= 16), all.join(", "));
});

for (const locale of ["en-US", "he-IL"]) {
  test(`nothing scrolls sideways at 400 %, ${locale}`, async (t) => {
    const { page, rows } = await visit(t, { locale, viewport: { width: 320, height: 256 } });
    await rows.first().waitFor();
    assert.equal(await overhang(page), 0);
    await rows.first().locator(".name").click();
    const drawer = page.getByRole("dialog");
    await drawer.waitFor();
    assert.equal(await overhang(page), 0, "with a chat open");
    assert.equal(await drawer.evaluate((element) => element.scrollWidth - element.clientWidth), 0);
    await page.keyboard.press("Escape");
    await page.locator(".filters > .button").click();
    await eventually(async () => assert.equal(await drawer.evaluate((element) => element.scrollWidth - element.clientWidth), 0));
  });
}
