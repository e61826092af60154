import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runnerImport } from "vite";

import { ask, eventually, shows, stopTime, visit } from "./support/visit.mjs";

const { module } = await runnerImport(join(import.meta.dirname, "../src/chats/label.ts"));

/** The contrast of two colors, as WCAG 2 has it; of "#rrggbb" or "rgb(r, g, b)". */
function contrast(...colors) {
  const [dark, light] = colors
    .map((color) => (color.startsWith("#") ? color.match(/\w\w/g).map((hex) => parseInt(hex, 16)) : color.match(/\d+/g)))
    .map((channels) => channels.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)))
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    .sort((a, b) => a - b);
  return light / dark;
}

/** Changes the labels that the server answers the filter with. */
const withLabels = (change) => (empty) =>
  empty.route("**/graphql", async (route) => {
    if (!route.request().postData()?.includes("query LabelFieldQuery")) return route.continue();
    const response = await route.fetch();
    const json = await response.json();
    change(json);
    return route.fulfill({ response, json });
  });

const openField = (page) => page.getByRole("button", { name: /^Labels:/ }).click();
const apply = (page) => page.getByRole("button", { name: "Apply" }).click();
const box = (page, name) => page.getByRole("checkbox", { name, exact: true });

test("text can be read on a label of any color", () => {
  for (let at = 0; at < 4096; at++) {
    const color = `#${[at >> 8, (at >> 4) & 15, at & 15].map((digit) => digit.toString(16).repeat(2)).join("")}`;
    assert.ok(contrast(module.inkOn(color), color) >= 4.5, color);
  }
  assert.equal(module.inkOn("#FFFFFF"), "#000000");
  assert.equal(module.inkOn("#00000F"), "#ffffff");
});

for (const colorScheme of ["light", "dark"]) {
  test(`chats show the names of their labels on their colors, in the ${colorScheme} theme`, async (t) => {
    const { page } = await visit(t, { colorScheme });
    const { searchChats } = await ask("{ searchChats(first: 30) { nodes { labels { id name color } } } }");
    const labels = searchChats.nodes.flatMap((chat) => chat.labels.slice(0, 3));
    assert.ok(labels.some(({ name }) => name === null), "one label is gone");
    const chips = page.locator("[data-chat-id] bdi.label");
    await eventually(async () => {
      assert.deepEqual(await chips.allTextContents(), labels.map(({ id, name }) => name ?? id));
    });
    const styles = await chips.evaluateAll((all) =>
      all.map((chip) => [getComputedStyle(chip).color, getComputedStyle(chip).backgroundColor]),
    );
    for (const [i, { color }] of labels.entries()) {
      assert.ok(contrast(...styles[i]) >= 4.5, `${color}: ${styles[i]}`);
      if (color) assert.equal(contrast(color, styles[i][1]), 1, `${color} is shown`);
    }
  });
}

test("all labels are offered by name, and several can be chosen", async (t) => {
  const visitor = await visit(t);
  const { page, operations } = visitor;
  await visitor.rows.first().waitFor();
  assert.ok(!operations.some(({ name }) => name === "LabelFieldQuery"), "labels are not asked for before the field opens");
  await openField(page);
  const { labels } = await ask("{ labels { name } }");
  await eventually(async () => {
    assert.deepEqual(await page.locator(".options label").allInnerTexts(), labels.map(({ name }) => name));
  });
  await box(page, "VIP").check();
  await box(page, "לקוח חוזר").check();
  await apply(page);
  await shows(visitor, { labels: ["VIP", "לקוח_חוזר"] });
  await page.getByRole("button", { name: "Labels: VIP, לקוח חוזר" }).waitFor();

  await openField(page);
  await box(page, "VIP").uncheck();
  await apply(page);
  await shows(visitor, { labels: ["לקוח_חוזר"] });
});

test("a label without a name is offered by its id", async (t) => {
  const { page, rows } = await visit(t, { prepare: withLabels(({ data }) => (data.labels[0].name = null)) });
  await rows.first().waitFor();
  await openField(page);
  await box(page, "auto_resolved").waitFor();
});

test("Escape closes the labels, chooses nothing, and the focus is back", async (t) => {
  const { page, rows, operations } = await visit(t);
  await rows.first().waitFor();
  const field = page.getByRole("button", { name: "Labels: All labels" });
  await field.press("Enter");
  await box(page, "VIP").check();
  assert.equal(await field.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  await box(page, "VIP").waitFor({ state: "detached" });
  assert.equal(await field.getAttribute("aria-expanded"), "false");
  assert.ok(await field.evaluate((button) => button === document.activeElement), "the focus is back");
  assert.equal(operations.filter(({ name }) => name === "ChatsQuery").length, 1);
});

test("without a list, the labels that are chosen can still be taken back", async (t) => {
  const visitor = await visit(t);
  const { page } = visitor;
  await visitor.rows.first().waitFor();
  await stopTime(visitor); // or the page might try again before the test does
  await openField(page);
  await box(page, "VIP").check();
  await box(page, "NEW LEAD").check();
  await apply(page);
  await shows(visitor, { labels: ["VIP", "new_lead"] });

  await withLabels((json) => {
    json.data.labels = null;
    json.errors = [{ message: "Not this time.", path: ["labels"], extensions: { code: "UPSTREAM_TIMEOUT" } }];
  })(page);
  await openField(page);
  await page.getByText("No list of labels. Texter took too long.").waitFor();
  assert.deepEqual(await page.locator(".options label").allInnerTexts(), ["VIP", "NEW LEAD"]);
  await box(page, "NEW LEAD").uncheck();
  await apply(page);
  await shows(visitor, { labels: ["VIP"] });

  await openField(page);
  await page.getByText("No list of labels.").waitFor();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Retry" }).click();
  await box(page, "NEW LEAD").waitFor();
});
