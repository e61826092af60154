// graphql-eslint: the schema keeps the rules of eslint.config.mjs, with those of
// Relay's connections among them.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { ESLint } from "eslint";

test("the schema keeps the rules for schemas and connections", async () => {
  const eslint = new ESLint({
    cwd: join(import.meta.dirname, "../.."), // ESLint takes no file from above
    overrideConfigFile: join(import.meta.dirname, "eslint.config.mjs"),
  });
  const [{ messages }, ...others] = await eslint.lintFiles("schema.graphqls");
  assert.equal(others.length, 0);
  assert.deepEqual(
    messages.map(({ line, ruleId, message }) => `${line}: ${message} (${ruleId})`),
    [],
  );
});
