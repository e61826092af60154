// make dashboard, by its processes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { binary } from "../../../test/harness/service.mjs";

const script = join(import.meta.dirname, "../build/dev.mjs");

/** Starts both, and collects what they say. */
function start(t, env = {}) {
  const path = binary();
  const { TEXTER_GRAPHQL_BINARY: _, ...own } = process.env; // which the service would refuse
  const child = spawn(process.execPath, [script, path], {
    env: { ...own, SANDBOX_TRAFFIC: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const lines = [];
  const waiting = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      lines.push(line.replace(/\u001b\[\d+m/g, ""));
      for (const look of waiting) look();
    });
  }
  /** The first group of the first line that matches. */
  const says = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = lines.map((line) => pattern.exec(line)).find(Boolean);
        if (match) resolve(match[1]);
      };
      waiting.push(look);
      child.on("close", () => reject(new Error(lines.join("\n"))));
      look();
    });
  return { child, lines, says, ended: once(child, "close") };
}

/** Whether anything listens at an address. */
const answers = (url) => fetch(url).then(() => true, () => false);

/** A port of this machine that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Takes a port of this machine. */
async function take(t) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return server.address().port;
}

const count = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ query: "{ searchChats(first: 0) { totalCount } }" }) };

test("make dashboard serves page and service at one origin, and both stop together", async (t) => {
  const { child, says, ended } = start(t);
  const service = await says(/"graphql":"(http:[^"]+)"/);
  const page = await says(/Local: +(http:\S+)/);
  assert.match(await (await fetch(page)).text(), /<div id="root">/);
  const { data } = await (await fetch(new URL("/graphql", page), count)).json();
  assert.equal(data.searchChats.totalCount, 4849);
  child.kill("SIGTERM");
  await ended;
  assert.deepEqual([await answers(service), await answers(page)], [false, false]);
});

test("it asks the service at the address that ADDR names, and takes another port for the page if need be", async (t) => {
  const port = await freePort();
  const { child, says, ended } = start(t, { ADDR: `127.0.0.1:${port}` });
  const service = await says(/"graphql":"(http:[^"]+)"/);
  assert.equal(new URL(service).port, String(port));
  const page = await says(/Local: +(http:\S+)/);
  const { data } = await (await fetch(new URL("/graphql", page), count)).json();
  assert.equal(data.searchChats.totalCount, 4849, service);
  child.kill("SIGTERM");
  await ended;
});

test("an ADDR that is taken ends both, and the setting is named", async (t) => {
  const port = await take(t);
  const { child, lines, ended } = start(t, { ADDR: `127.0.0.1:${port}` });
  await ended;
  assert.notEqual(child.exitCode, 0);
  assert.match(lines.join("\n"), /addr/i);
  assert.doesNotMatch(lines.join("\n"), /Local:/);
});

test("the dashboard ends when the service does", async (t) => {
  const { says, ended, child } = start(t, { SANDBOX_CHATS: "10" });
  await says(/Local: +(http:\S+)/);
  const { stdout } = spawn("pgrep", ["-P", String(child.pid), "texter-graphql"]);
  const [pid] = await once(stdout, "data");
  process.kill(Number(pid), "SIGKILL");
  await ended;
  assert.notEqual(child.exitCode, 0);
});
