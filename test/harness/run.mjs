// Runs node with these arguments, and with one build of the service for all the
// processes that it starts: node run.mjs --test …

import { spawn } from "node:child_process";

import { binary } from "./service.mjs";

binary();
const child = spawn(process.execPath, process.argv.slice(2), { stdio: "inherit" });
child.on("exit", (status) => {
  process.exitCode = status ?? 1; // null when a signal ended it
});
