// Takes the pictures of the documentation, from the real thing.

import { join } from "node:path";

import { startService } from "../../../test/harness/service.mjs";
import { startDashboard } from "./support/dashboard.mjs";

const directory = join(import.meta.dirname, "../../../docs/images");
const service = await startService();
const dashboard = await startDashboard();

async function shoot(name, options, prepare) {
  const { page, rows, close } = await dashboard.open(service.GraphQL, options);
  await rows.first().waitFor();
  await prepare(page);
  await page.screenshot({ path: join(directory, `dashboard-${name}.png`), animations: "disabled" });
  await close();
}

await shoot("light", { colorScheme: "light" }, async () => {});
await shoot("dark", { colorScheme: "dark" }, async (page) => {
  await page.getByRole("button", { name: /^Pending/ }).click();
  await page.getByRole("heading", { name: "Pending" }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".stale"));
});
await shoot("drawer", { colorScheme: "light" }, async (page) => {
  await page.getByRole("button", { name: /^Pending/ }).click();
  await page.getByRole("heading", { name: "Pending" }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".stale"));
  await page.locator("[data-chat-id]").nth(2).click();
  await page.getByRole("dialog").waitFor();
});
await shoot("hebrew", { colorScheme: "light", locale: "he-IL" }, async () => {});
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
await shoot("phone", { colorScheme: "light", ...phone }, async () => {});
await shoot("phone-hebrew", { colorScheme: "dark", locale: "he-IL", ...phone }, async () => {});
await shoot("empty", { colorScheme: "light" }, async (page) => {
  await page.getByRole("searchbox").fill("Nobody of this name");
  await page.getByText("No chats match").waitFor();
});
await shoot("error", { colorScheme: "light" }, async (page) => {
  await service.stop();
  await page.getByRole("button", { name: /^Assigned/ }).click();
  await page.getByRole("heading", { name: "The server can’t be reached" }).waitFor();
});

await dashboard.stop();
