import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, visit } from "./support/visit.mjs";

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test("the theme is the system's, until another is chosen and kept", async (t) => {
  const { page, rows } = await visit(t, { colorScheme: "dark" });
  const dark = await background(page);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await background(page);
  assert.notEqual(dark, light);

  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByText("Dark", { exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await eventually(async () => assert.equal(await background(page), dark));
  await page.reload();
  await rows.first().waitFor();
  assert.equal(await background(page), dark);
});

test("the token is sent to the endpoint, and kept in the tab only", async (t) => {
  const { page, rows, operations } = await visit(t);
  await rows.first().waitFor();
  assert.equal(await operations[0].request.headerValue("authorization"), null);
  operations.length = 0;

  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel(/^Token/).fill("a-token");
  await page.getByRole("button", { name: "Save" }).click();
  await eventually(() => assert.equal(operations.length, 2));
  for (const { request } of operations) assert.equal(await request.headerValue("authorization"), "Bearer a-token");
  const [local, session] = await page.evaluate(() => [JSON.stringify(localStorage), JSON.stringify(sessionStorage)]);
  assert.ok(!local.includes("a-token") && session.includes("a-token"));
  assert.ok(!(await page.content()).includes("a-token"));
});

test("an endpoint that is no address is refused, Escape leaves all as it was", async (t) => {
  const { page, rows, operations } = await visit(t);
  await rows.first().waitFor();
  operations.length = 0;
  const opener = page.getByRole("button", { name: "Settings" });
  await opener.press("Enter");
  const endpoint = page.getByLabel("GraphQL endpoint");
  await endpoint.fill("ftp://127.0.0.1/graphql");
  await page.keyboard.press("Enter");
  await page.getByText("This is no http or https address.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await opener.evaluate((button) => button === document.activeElement), "the focus is back");
  assert.equal(await rows.count(), 30);
  assert.deepEqual(operations, []);
});
