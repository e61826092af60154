import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { visit } from "./support/visit.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** All faults that axe finds on the page, with no rule and no element left out. */
async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-US", "he-IL"]) {
    for (const width of [390, 1280]) {
      test(`axe finds no fault: ${colorScheme}, ${locale}, ${width} px`, async (t) => {
        const { page, rows } = await visit(t, { colorScheme, locale, viewport: { width, height: 844 } });
        await rows.first().waitFor();
        assert.deepEqual(await faults(page), [], "the list");
        await rows.first().locator(".name").click();
        await page.getByRole("dialog").waitFor();
        assert.deepEqual(await faults(page), [], "with a chat open");
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await page.locator(".top-bar > .button").last().click();
        await page.getByRole("dialog").waitFor();
        assert.deepEqual(await faults(page), [], "the settings");
        await page.keyboard.press("Escape");
        await page.locator(".views > .button").click();
        assert.deepEqual(await faults(page), [], "the views");
      });
    }
  }
}
