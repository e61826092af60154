import assert from "node:assert/strict";
import { test } from "node:test";

import { chats, debounce, eventually, stopTime, visit } from "./support/visit.mjs";

/** How far the text of a name is from the left and the right of its cell. */
function gaps(name) {
  const range = document.createRange();
  range.selectNodeContents(name);
  const [text, cell] = [range.getBoundingClientRect(), name.getBoundingClientRect()];
  return { left: text.left - cell.left, right: cell.right - text.right };
}

test("names of all scripts stand where the lines of the page begin", async (t) => {
  const { page } = await visit(t);
  const named = (pattern) => page.locator(".name").filter({ hasText: pattern }).first();
  const rtl = await named(/^[\u0590-\u05ff ]{4,20}$/).evaluate(gaps);
  assert.ok(rtl.left < 2 && rtl.right > 20, JSON.stringify(rtl));
  const ltr = await named(/^[A-Za-z ]{4,20}$/).evaluate(gaps);
  assert.ok(ltr.left < 2 && ltr.right > 20, JSON.stringify(ltr));
});

test("the keyboard goes from the search to a row, and on from row to row", async (t) => {
  const visitor = await visit(t);
  const { page } = visitor;
  await visitor.rows.first().waitFor();
  await stopTime(visitor);
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("dana");
  await page.clock.runFor(debounce);
  const { ids } = await chats({ search: "dana" });
  await eventually(async () => assert.deepEqual(await visitor.ids(), ids));

  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-chat-id") ?? null);
  for (let stop = 0; stop < 6 && !(await focused()); stop++) await page.keyboard.press("Tab");
  assert.equal(await focused(), ids[0], "the list is a few stops from the search");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focus can be seen");

  for (const [key, at] of [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowUp", 1], ["End", ids.length - 1], ["Home", 0]]) {
    await page.keyboard.press(key);
    assert.equal(await focused(), ids[at], key);
  }
});

test("every control has a name, and a row tells its place", async (t) => {
  const { page, rows } = await visit(t);
  await rows.first().waitFor();
  for (const control of await page.locator("input, select, button").all()) {
    const tree = await control.ariaSnapshot();
    assert.match(tree, /^- '?\w+ "[^"]+"/, tree); // in quotation marks if the name has a colon
  }
  assert.equal(await rows.nth(4).getAttribute("aria-posinset"), "5");
  assert.equal(await rows.nth(4).getAttribute("aria-setsize"), "4849");
});

test("times are relative, with the exact one to be had", async (t) => {
  const { page } = await visit(t);
  const time = page.locator("[data-chat-id] time").nth(3);
  assert.match(await time.innerText(), /^(now|\d+ (min|hr)\. ago)$/);
  assert.match(await time.getAttribute("title"), /\d{4}.* \d{1,2}:\d{2}:\d{2}/);
});

/** Where the parts of the page are, in whole pixels. Runs in the page. */
const frame = () =>
  [".top-bar", ".top-bar img", ".tile", ".filters", ".filters .control", ".list-head"].map((part) => {
    const { left, top, bottom } = document.querySelector(part).getBoundingClientRect();
    return { part, left, top: Math.round(top), bottom: Math.round(bottom) };
  });

for (const width of [390, 1280]) {
  test(`the page has its frame before its scripts, and these move nothing, ${width} px wide`, async (t) => {
    let before;
    const { page, rows } = await visit(t, {
      viewport: { width, height: 800 },
      prepare: (empty) =>
        empty.route("**/*.js", async (route) => {
          await empty.waitForFunction(() => document.styleSheets.length > 0 && document.querySelector(".list-head"));
          before = await empty.evaluate(frame);
          await route.continue();
        }),
    });
    await rows.first().waitFor();
    assert.deepEqual(await page.evaluate(frame), before);
  });
}

test("there is no motion for those who want none", async (t) => {
  const { page } = await visit(t, {
    reducedMotion: "reduce",
    prepare: (empty) => empty.route("**/graphql", () => {}), // never answered: the skeleton stays
  });
  const skeleton = page.locator(".skeleton").first();
  const animation = () => skeleton.evaluate((element) => getComputedStyle(element).animationName);
  await eventually(async () => assert.equal(await animation(), "none"));
});
