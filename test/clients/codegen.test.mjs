// graphql-codegen: typed documents that type-check where they are used rightly.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startService } from "../harness/service.mjs";

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

// Each reads the schema from the service, by the introspection of its time. The
// two older ones have a graphql-js of 2023, which fails at what it does not know.
for (const [generation, directory, path] of [
  ["5", "generators", "codegen5/cjs/bin.js"],
  ["6", "generators", "codegen6/cjs/bin.js"],
  ["7", ".", "@graphql-codegen/cli/esm/bin.js"],
]) {
  test(`graphql-codegen ${generation} makes types of the introspection`, async () => {
    const service = await startService();
    after(service.stop);
    const made = mkdtempSync(join(tmpdir(), "generated-"));
    after(() => rmSync(made, { recursive: true }));
    const config = join(made, "codegen.json");
    const types = join(made, "types.ts");
    writeFileSync(config, JSON.stringify({ schema: service.GraphQL, generates: { [types]: { plugins: ["typescript"] } } }));
    execFileSync(process.execPath, [join("node_modules", path), "--config", config], { cwd: directory });
    assert.match(readFileSync(types, "utf8"), /^export type ChatConnection = \{$/m);
  });
}
