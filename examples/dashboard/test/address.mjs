import assert from "node:assert/strict";
import { test } from "node:test";

import { chats, eventually, shows, visit } from "./support/visit.mjs";

const apply = (page) => page.getByRole("button", { name: "Apply" }).click();

test("several statuses and labels, and a search, are in the address, and a reload keeps them", async (t) => {
  const visitor = await visit(t);
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await page.getByRole("button", { name: /^Statuses:/ }).click();
  await page.getByRole("checkbox", { name: "Pending" }).check();
  await page.getByRole("checkbox", { name: "Resolved" }).check();
  await apply(page);
  await page.getByRole("button", { name: /^Labels:/ }).click();
  await page.getByRole("checkbox", { name: "VIP", exact: true }).check();
  await page.getByRole("checkbox", { name: "לקוח חוזר" }).check();
  await apply(page);
  await page.getByRole("searchbox").fill("כהן");
  await page.waitForURL(/q=/);
  const filter = { search: "כהן", labels: ["VIP", "לקוח_חוזר"], statuses: ["PENDING", "RESOLVED"] };
  const want = await chats(filter);
  await eventually(async () => assert.deepEqual(await visitor.ids(), want.ids));

  const query = new URL(page.url()).searchParams;
  assert.deepEqual([query.getAll("status"), query.getAll("label"), query.get("q")], [filter.statuses, filter.labels, "כהן"]);
  await page.reload();
  await eventually(async () => assert.deepEqual(await visitor.ids(), want.ids));
  assert.equal(await page.getByRole("searchbox").inputValue(), "כהן");
  await page.getByRole("heading", { name: "Pending, Resolved" }).waitFor();
  await page.getByRole("button", { name: "Labels: VIP, לקוח חוזר" }).waitFor(); // by name, though the address has ids
});

test("back and forward go from filter to filter, and a search is one step", async (t) => {
  const visitor = await visit(t);
  const { page, rows, tile } = visitor;
  await rows.first().waitFor();
  await tile("Pending").click();
  await page.getByRole("heading", { name: "Pending" }).waitFor();
  const search = page.getByRole("searchbox");
  for (const text of ["da", "dan", "dana"]) {
    await search.fill(text);
    await page.waitForURL(new RegExp(`q=${text}(&|$)`));
  }
  await shows(visitor, { search: "dana" }, { statuses: ["PENDING"] });

  await page.goBack();
  await shows(visitor, {}, { statuses: ["PENDING"] });
  assert.equal(await search.inputValue(), "");
  await page.goBack();
  await page.getByRole("heading", { name: "All chats" }).waitFor();
  await page.goForward();
  await page.goForward();
  await shows(visitor, { search: "dana" }, { statuses: ["PENDING"] });
  assert.equal(await search.inputValue(), "dana");
});

test("an address with what there is not shows what there is", async (t) => {
  const visitor = await visit(t, { query: "?status=NEVER&status=BULK&account=nothing&empty=maybe" });
  const want = await chats({ statuses: ["BULK"] });
  await eventually(async () => assert.deepEqual(await visitor.ids(), want.ids));
});

test("a filter is saved by a name, is there after a reload, and can be deleted", async (t) => {
  const visitor = await visit(t, { query: "?status=PENDING&q=dana" });
  const { page, rows } = visitor;
  await rows.first().waitFor();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of the view in use").fill("דנה, ממתינות");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "דנה, ממתינות" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("heading", { name: "All chats" }).waitFor();

  await page.reload();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "דנה, ממתינות" }).click();
  await shows(visitor, { search: "dana" }, { statuses: ["PENDING"] });
  await page.getByRole("button", { name: "דנה, ממתינות" }).click();
  await page.getByRole("button", { name: /^Delete/ }).click();
  await page.getByText("A view is a filter with a name.").waitFor();
});
