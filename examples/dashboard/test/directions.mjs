import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runnerImport } from "vite";

import { eventually, visit } from "./support/visit.mjs";

const source = join(import.meta.dirname, "../src");
const texts = (language) => JSON.parse(readFileSync(join(source, `texts/${language}.json`), "utf8"));
const hebrew = /[\u0590-\u05ff]/;

test("each text is there in both languages, with the same parts", () => {
  const [en, he] = [texts("en"), texts("he")];
  assert.deepEqual(Object.keys(he), Object.keys(en));
  const parts = (text) => [...new Set(text.match(/\{[a-z]\w*(?=[,}])/g))].sort();
  for (const id of Object.keys(en)) assert.deepEqual(parts(he[id]), parts(en[id]), id);
});

test("each error code has its sentence in Hebrew", async () => {
  const { module } = await runnerImport(join(source, "errors/hebrew.ts"));
  const advice = readFileSync(join(source, "errors/advice.ts"), "utf8");
  const codes = [...advice.matchAll(/^  ([A-Z_]{5,}): \{/gm)].map(([, code]) => code);
  assert.ok(codes.length > 15, "the codes are read");
  for (const code of codes) assert.match(module.hebrew[code]?.join(" ") ?? "", hebrew, code);
});

test("in Hebrew the page reads from the right, in the words and the numbers of the language", async (t) => {
  const { page, rows, tile } = await visit(t, { locale: "he-IL" });
  await rows.first().waitFor();
  const html = page.locator("html");
  assert.deepEqual([await html.getAttribute("lang"), await html.getAttribute("dir")], ["he-IL", "rtl"]);
  await page.getByRole("button", { name: "רענון" }).waitFor();
  const times = await page.locator("[data-chat-id] .when time").allInnerTexts();
  assert.ok(times.every((text) => hebrew.test(text)), times.join(", "));
  const [first, last] = await page.locator(".tile").evaluateAll((tiles) => [tiles[0], tiles.at(-1)].map((tile) => tile.getBoundingClientRect().left));
  assert.ok(first > last, "the first tile is at the right");
  const icon = await page.locator(".search .icon").boundingBox();
  const field = await page.getByRole("searchbox").boundingBox();
  assert.ok(icon.x > field.x + field.width / 2, "the drawing is where lines begin");
  assert.equal(await page.getByRole("button", { name: /[A-Z][a-z]{3}/ }).count(), 0, "no English is left");
});

test("the language can be chosen and is kept, and nothing is loaded for it", async (t) => {
  const { page, rows, operations } = await visit(t);
  await rows.first().waitFor();
  operations.length = 0;
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByText("עברית", { exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "רענון" }).waitFor();
  assert.deepEqual(operations, []);
  await page.reload();
  await page.getByRole("button", { name: "רענון" }).waitFor();
});

const mixed = "קרן ברק, do not call before 10";

/** Gives the first chat a name of two directions, in a row as narrow as they come. */
const withName = (name) => (empty) =>
  empty.route("**/graphql", async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    const node = json.data?.searchChats?.edges?.[0]?.node;
    if (node) Object.assign(node, { name, title: name });
    return route.fulfill({ response, json });
  });

for (const [locale, viewport] of [["en-US", { width: 1280, height: 800 }], ["he-IL", { width: 1280, height: 800 }], ["en-US", { width: 320, height: 640 }], ["he-IL", { width: 320, height: 640 }]]) {
  test(`no word of a name is cut off, and none moves its neighbours: ${locale}, ${viewport.width} px`, async (t) => {
    const { page, rows } = await visit(t, { locale, viewport, prepare: withName(mixed) });
    const row = rows.first();
    await row.waitFor();
    const name = row.locator(".name");
    assert.equal(await name.innerText(), mixed);
    const words = await name.evaluate((element) => {
      const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
      const cell = element.closest(".who").getBoundingClientRect();
      return [...text.data.matchAll(/\S+/g)].map(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const box = range.getBoundingClientRect();
        return { word, isInside: box.left >= cell.left - 1 && box.right <= cell.right + 1 && box.bottom <= cell.bottom + 1 };
      });
    });
    for (const { word, isInside } of words) assert.ok(isInside, word);
    const phone = row.locator(".who .sub bdi");
    if (await phone.count()) assert.equal(await phone.evaluate((bdi) => getComputedStyle(bdi).direction), "ltr");
  });
}

test("a name that is too long loses its end, never its beginning", async (t) => {
  const long = `${mixed} ${"and never on a Saturday ".repeat(9)}`;
  const { rows } = await visit(t, { prepare: withName(long) });
  await eventually(async () => {
    const shown = await rows.first().locator(".name").innerText();
    assert.ok(shown.endsWith("…") && long.startsWith(shown.slice(0, -1)), shown);
  });
});
