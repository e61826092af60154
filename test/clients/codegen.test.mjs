// graphql-codegen: typed documents that type-check where they are used rightly.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";

const bin = (name) => join("node_modules", ".bin", name);

before(() => {
  process.chdir(import.meta.dirname);
  rmSync("codegen/__generated__", { recursive: true, force: true });
  execFileSync(bin("graphql-codegen"), ["--config", "codegen/config.mjs"]);
});

/** Type-checks a file: what tsc complains of. */
function complaints(file) {
  const options = ["--noEmit", "--strict", "--pretty", "false", "--module", "esnext"];
  const resolution = ["--moduleResolution", "bundler", "--target", "es2022"];
  const { status, stdout } = spawnSync(bin("tsc"), [...options, ...resolution, file], {
    encoding: "utf8",
  });
  const lines = stdout.split("\n").filter(Boolean);
  assert.equal(status === 0, lines.length === 0, stdout);
  return lines;
}

test("typed documents type-check", () => {
  assert.deepEqual(complaints("codegen/usage.ts"), []);
});

test("a value that is not in the enum does not type-check", () => {
  const lines = complaints("codegen/wrong-enum.ts").filter((line) => line.includes("error TS"));
  assert.equal(lines.length, 2, lines.join("\n"));
  assert.match(lines[0], /Type '"SOLVED"' is not assignable to type 'ChatStatus'/);
  assert.match(lines[1], /Type '"SMS"' is not assignable to type 'SearchableChannelName'/);
});
