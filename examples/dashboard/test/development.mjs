import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";

import { root, serveSources, startDashboard } from "./support/dashboard.mjs";
import { ask, chats, eventually, firstIds, visit } from "./support/visit.mjs";

// There, StrictMode runs all effects twice and Relay checks more.
test("in development nothing is loaded twice, and the console is as clean", async (t) => {
  const development = await startDashboard(serveSources);
  const visitor = await visit(t, { at: development });
  t.after(development.stop); // after the visitor has left
  const { page, tile, operations } = visitor;
  await visitor.rows.first().waitFor();
  await tile("Pending").click();
  const want = await chats({ statuses: ["PENDING"] }, 60);
  await eventually(async () => assert.deepEqual(await visitor.ids(), want.ids.slice(0, 30)));
  await page.getByRole("button", { name: "Load more" }).press("Enter");
  assert.deepEqual(await firstIds(visitor, 60), want.ids);
  const names = operations.map(({ name }) => name).filter((name) => name !== "ChatListNextQuery");
  assert.deepEqual(names.sort(), ["ChatsQuery", "ChatsQuery", "StatusCountsQuery"]);
});

/** A copy of the sources, to be changed, whose modules are those of the original. */
function copySources() {
  const top = mkdtempSync(join(tmpdir(), "dashboard-"));
  const copy = join(top, "examples/dashboard");
  for (const name of ["src", "build", "public", "index.html", "package.json", "vite.config.ts", "relay.config.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  rmSync(join(copy, "src/__generated__"), { recursive: true });
  mkdirSync(join(copy, "node_modules")); // with a cache of its own
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ".vite") symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name));
  }
  cpSync(join(root, "../../schema.graphqls"), join(top, "schema.graphqls"));
  return copy;
}

test("a field that is added to a fragment is on the page of a running npm run dev, and nobody has run the compiler", async (t) => {
  const copy = copySources();
  const vite = spawn("npm", ["run", "dev"], { cwd: copy, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  t.after(async () => {
    process.kill(-vite.pid); // npm, its shell and Vite
    await once(vite, "close");
    rmSync(join(copy, "../.."), { recursive: true });
  });
  let origin;
  for await (const line of createInterface({ input: vite.stdout })) {
    [, origin] = /Local:.*(http:\/\/127\.0\.0\.1:\d+)/.exec(stripVTControlCharacters(line)) ?? [];
    if (origin) break;
  }
  vite.stdout.resume();
  const development = await startDashboard(() => ({ origin, site: { close() {} } }));
  const { rows } = await visit(t, { at: development });
  t.after(development.stop);
  await rows.first().waitFor();

  const row = join(copy, "src/chats/ChatRow.tsx");
  const before = readFileSync(row, "utf8");
  const after = before.replace("clientPhoneE164\n", "clientPhoneE164\n raw\n").replace("{chat.clientPhoneE164}<", "Texter has {chat.raw?.status}<");
  writeFileSync(row, after);
  const { searchChats } = await ask("{ searchChats(first: 30) { nodes { id clientPhoneE164 raw } } }");
  const { id, raw } = searchChats.nodes.find(({ clientPhoneE164 }) => clientPhoneE164);
  await rows.and(rows.page().locator(`[data-chat-id="${id}"]`)).getByText(`Texter has ${raw.status}`).waitFor();
});
