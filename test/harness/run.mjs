// Runs node with these arguments, and with one build of the service for all the
// processes that it starts: node run.mjs --test …
//
// Node ends with the last test: one that failed may have left something open.

import { spawn } from "node:child_process";

import { binary } from "./service.mjs";

binary();
const child = spawn(process.execPath, ["--test-force-exit", ...process.argv.slice(2)], { stdio: "inherit" });
child.on("exit", (status) => {
  process.exitCode = status ?? 1; // null when a signal ended it
});
