// make dashboard: the service and the dashboard, on one origin. The service takes a free port unless
// ADDR names one; Vite passes /graphql on to it. When one of them ends, so does the other.
//
//   node build/dev.mjs PATH-OF-THE-SERVICE

import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { createServer } from "vite";

const free = process.env.ADDR ? [] : ["-addr", "127.0.0.1:0"];
const service = spawn(process.argv[2], free, { stdio: ["ignore", "inherit", "pipe"] });
let site;

service.on("error", (error) => stop(1, `The service can't be started: ${error.message}`));
service.on("exit", (status) => stop(status ?? 1, "The service ended, and the dashboard with it."));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(0));

for await (const line of createInterface({ input: service.stderr })) {
  console.error(line);
  const [, origin] = /"graphql":"(http:[^"]+)\/graphql"/.exec(line) ?? [];
  if (origin && !site) await serve(origin);
}

/** Serves the dashboard before a service; on the next free port if the usual one is taken. */
async function serve(target) {
  process.env.GRAPHQL_URL = target; // for vite.config.ts
  try {
    site = await createServer({ root: dirname(import.meta.dirname) });
    await site.listen();
    site.printUrls();
  } catch (error) {
    stop(1, `The dashboard can't be served: ${error.message}`);
  }
}

/** Ends both. */
async function stop(status, message) {
  if (stop.isCalled) return;
  stop.isCalled = true;
  if (message) console.error(message);
  service.kill();
  await site?.close();
  process.exit(status);
}
