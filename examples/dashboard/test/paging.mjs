import assert from "node:assert/strict";
import { test } from "node:test";

import { chats, eventually, firstIds, rowCount, visit } from "./support/visit.mjs";

test("scrolling loads page after page, each chat once and in order", async (t) => {
  const visitor = await visit(t);
  await visitor.rows.first().waitFor();
  assert.equal(await visitor.rows.count(), 30, "only one page before scrolling");
  const ids = await firstIds(visitor, 200);
  assert.equal(new Set(ids).size, ids.length, "no chat twice");
  const want = await chats({}, ids.length);
  assert.deepEqual(ids, want.ids);
  const pages = visitor.operations.filter(({ name }) => name === "ChatListNextQuery");
  assert.deepEqual(pages.slice(0, 3).map(({ variables }) => variables.count), [30, 60, 120], "pages grow");
  const cursors = pages.map(({ variables }) => variables.cursor);
  assert.equal(new Set(cursors).size, cursors.length, "no page is asked for twice");
});

test("who is at the end when a page comes stays there", async (t) => {
  const visitor = await visit(t);
  const { page } = visitor;
  await visitor.rows.first().waitFor();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/graphql", async (route) => {
    if (route.request().postDataJSON().variables.cursor) await held;
    return route.continue();
  });
  const goToEnd = () =>
    page.evaluate(() => {
      scrollTo(0, document.body.scrollHeight);
      return scrollY;
    });
  await goToEnd();
  await page.getByRole("button", { name: "Loading…" }).waitFor(); // which makes the page longer
  const place = await goToEnd();
  release();
  await eventually(async () => assert.ok((await rowCount(visitor)) >= 60));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await page.evaluate(() => scrollY), place);
});

test("the last page ends the list", async (t) => {
  const visitor = await visit(t);
  await visitor.tile("Bulk").click();
  const want = await chats({ statuses: ["BULK"] }, 1000);
  await visitor.page.getByRole("heading", { name: "Bulk" }).waitFor();
  assert.deepEqual(await firstIds(visitor, want.total), want.ids);
  await visitor.page.getByText("That is all of them.").waitFor();
  assert.equal(await visitor.page.getByRole("button", { name: "Load more" }).count(), 0);
});

// So low a window that the end of a page stays out of view, and nothing loads by itself.
const low = { viewport: { width: 1280, height: 400 } };

/** Presses the button by the keyboard, without scrolling to it. */
async function pressMore({ page, rows }) {
  await rows.first().waitFor();
  await page.getByRole("button", { name: "Load more" }).evaluate((button) => button.focus({ preventScroll: true }));
  await page.keyboard.press("Enter");
}

test("the button loads a page from the keyboard", async (t) => {
  const visitor = await visit(t, low);
  await pressMore(visitor);
  await eventually(async () => assert.equal(await rowCount(visitor), 60));
});

test("a cursor that is no longer good starts the list again, and says so", async (t) => {
  const visitor = await visit(t, low);
  const { page } = visitor;
  await pressMore(visitor);
  const want = await chats({}, 60);
  await eventually(async () => assert.equal(await rowCount(visitor), 60));

  // The server itself is to say that the cursor is invalid, so the request reaches it damaged.
  await page.route("**/graphql", (route) => {
    const body = route.request().postDataJSON();
    if (body.variables.cursor) body.variables.cursor = "gone";
    return route.continue({ postData: JSON.stringify(body) });
  });
  await pressMore(visitor);
  await page.getByText("the list starts again from its first page").waitFor();
  await eventually(async () => assert.equal(await rowCount(visitor), 30));
  assert.deepEqual(await visitor.ids(), want.ids.slice(0, 30));

  await page.unrouteAll();
  await page.getByRole("button", { name: "OK" }).click();
  assert.deepEqual(await firstIds(visitor, 60), want.ids);
});
