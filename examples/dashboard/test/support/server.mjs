// Builds and runs the real server, on its sandbox.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const repository = join(import.meta.dirname, "../../../..");

/** Builds the server into a directory that goes when this process ends. */
function build() {
  const directory = mkdtempSync(join(tmpdir(), "texter-graphql-"));
  process.once("exit", () => rmSync(directory, { recursive: true }));
  const binary = join(directory, "texter-graphql");
  execFileSync("go", ["build", "-o", binary, "."], { cwd: repository, stdio: "inherit" });
  return binary;
}

let binary = process.env.TEXTER_GRAPHQL_BINARY;

/** Starts a server on a port, or on any that is free: its endpoint, its port, and how to stop it. */
export async function startServer(port = 0) {
  binary ||= build();
  // An empty environment, so that it can't be one that points to real chats.
  const server = spawn(binary, ["-addr", `127.0.0.1:${port}`], { env: {}, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(server, "exit");
  const kill = () => server.kill("SIGKILL"); // without waiting for connections that browsers keep
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await exited;
  };
  const lines = createInterface({ input: server.stderr });
  const url = await new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const [, found] = /\bGraphQL: (\S+)/.exec(line) ?? [];
      if (found) resolve(found);
    });
    exited.then(() => reject(new Error("The server ended before it listened.")));
  });
  return { url, port: Number(new URL(url).port), stop };
}

/** Asks the server without the dashboard: what the page is measured by. */
export async function ask(url, query, variables) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
