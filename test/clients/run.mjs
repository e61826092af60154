// Runs the tests with one build of the server for all of them.

import { spawnSync } from "node:child_process";

import { buildServer } from "./server.mjs";

const tests = ["apollo", "breaking", "codegen", "http", "lint", "persisted", "relay", "urql"].map((name) => `${name}.test.mjs`);
const options = ["--test", "--test-reporter=spec", "--test-timeout=60000"];
const { status } = spawnSync(process.execPath, [...options, ...tests], {
  cwd: import.meta.dirname,
  env: {
    ...process.env,
    TEXTER_GRAPHQL_BINARY: process.env.TEXTER_GRAPHQL_BINARY || buildServer(),
  },
  stdio: "inherit",
});
process.exitCode = status ?? 1; // null when a signal ended it
