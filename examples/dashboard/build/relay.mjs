// Runs relay-compiler on the schema of this repository. The compiler reads
// neither the suffix .graphqls nor links, so each run hands it a fresh file
// that git ignores; the schema itself stays in one place.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const schema = "../../schema.graphqls"; // from the dashboard's folder

const root = dirname(import.meta.dirname);
const compiler = createRequire(import.meta.url).resolve("relay-compiler/cli.js");

/** Compiles the documents of src/. Throws when one is wrong; the compiler has said why. */
export function compile() {
  copyFileSync(join(root, schema), join(root, "build/schema.graphql"));
  mkdirSync(join(root, "src/__generated__"), { recursive: true });
  execFileSync(process.execPath, [compiler], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}

if (process.argv[1] === import.meta.filename) compile();
