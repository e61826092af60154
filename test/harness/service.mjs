// Builds the service, and starts it as a process of its own.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The environment variable with the path of a service that is built already. */
const binaryVariable = "TEXTER_GRAPHQL_BINARY";

/**
 * The path of the service, which is built on the first call if nobody has built
 * it. The build is removed when this process ends.
 */
export function binary() {
  if (process.env[binaryVariable]) return process.env[binaryVariable];
  const directory = mkdtempSync(join(tmpdir(), "texter-graphql-"));
  process.once("exit", () => rmSync(directory, { recursive: true }));
  const path = join(directory, "texter-graphql");
  const repository = join(import.meta.dirname, "../..");
  execFileSync("go", ["build", "-o", path, "."], { cwd: repository, stdio: "inherit" });
  return (process.env[binaryVariable] = path); // for child processes too
}

// The contract between the service and this harness: a line of its log names each
// address. test/harness/process.go has it for Go.
const names = { graphql: "GraphQL", graphiql: "GraphiQL", metrics: "Metrics" };

/**
 * Starts the service with these flags. It has no other environment than the one
 * given, so that it never reaches real chats: without any settings it serves its
 * sandbox, whose chats stay as they are. Returns its addresses by their names, such as GraphQL
 * and GraphiQL, its port, and how to stop it. Its warnings go to stderr.
 */
export async function startService({ flags = [], env = {}, port = 0 } = {}) {
  const args = ["-addr", `127.0.0.1:${port}`, "-log-level", "warn", ...flags];
  const service = spawn(binary(), args, { env: { SANDBOX_TRAFFIC: "0", ...env }, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(service, "exit"); // or an error, when it can't be run
  const kill = () => service.kill("SIGKILL"); // without waiting for the connections that browsers keep
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await exited;
  };
  const lines = [];
  for await (const line of createInterface({ input: service.stderr })) {
    lines.push(line);
    const log = JSON.parse(line);
    if (log.msg !== "listening") continue;
    service.stderr.pipe(process.stderr);
    const urls = Object.fromEntries(Object.entries(names).map(([key, name]) => [name, log[key]]));
    return { ...urls, port: Number(new URL(urls.GraphQL).port), stop };
  }
  await exited;
  throw new Error(`The service ended before it listened:\n${lines.join("\n")}`);
}
