// Builds and runs the server that the clients are tested with.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Builds the server into a directory that goes when this process ends. */
export function buildServer() {
  const directory = mkdtempSync(join(tmpdir(), "texter-graphql-"));
  process.once("exit", () => rmSync(directory, { recursive: true }));
  const binary = join(directory, "texter-graphql");
  const repository = join(import.meta.dirname, "../..");
  execFileSync("go", ["build", "-o", binary, "."], { cwd: repository, stdio: "inherit" });
  return binary;
}

/**
 * Starts a server on its sandbox, with these flags: its GraphQL endpoint, and
 * how to stop it.
 */
export async function startServer(...flags) {
  const server = spawn(
    process.env.TEXTER_GRAPHQL_BINARY || buildServer(),
    ["-addr", "127.0.0.1:0", "-log-level", "warn", ...flags],
    // An empty environment, so that it can't be one that points to real chats.
    { env: {}, stdio: ["ignore", "ignore", "pipe"] },
  );
  const exited = once(server, "exit"); // or an error, when it can't be run
  const kill = () => server.kill();
  process.once("exit", kill);
  const url = await endpoint(server.stderr);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await exited;
  };
  return { url, stop };
}

/** Reads the endpoint from what the server prints; what follows is passed on. */
async function endpoint(stderr) {
  const printed = [];
  for await (const line of createInterface({ input: stderr })) {
    const [, url] = /\bGraphQL: (\S+)/.exec(line) ?? [];
    if (url) {
      stderr.pipe(process.stderr);
      return url;
    }
    printed.push(line);
  }
  throw new Error(`The server printed no endpoint:\n${printed.join("\n")}`);
}
