import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";

import { compile } from "./relay.mjs";

const document = /\bgraphql`\s*(?:query|fragment|subscription)\s+(\w+)[^`]*`/g;

/**
 * Puts what relay-compiler made of each graphql`…` in its place. While Vite serves the sources, it
 * compiles again when a document changes, or a new field would be undefined and nobody would say why.
 */
export function relay(): Plugin {
  const compiled = new Map<string, string>();
  return {
    name: "relay",
    enforce: "pre",
    configureServer: () => compile(),
    hotUpdate({ file }) {
      const documents = documentsOf(file);
      if (documents === (compiled.get(file) ?? "")) return;
      compile();
      compiled.set(file, documents);
    },
    transform(code, id) {
      const names: string[] = [];
      const replaced = code.replace(document, (text, name: string) => {
        names.push(name);
        // As many lines as before, so that line numbers still hold.
        return `relay_${name}${"\n".repeat(text.split("\n").length - 1)}`;
      });
      if (names.length === 0) return null;
      compiled.set(id, documentsOf(id));
      const imports = names.map((name) => {
        const artifact = resolve(import.meta.dirname, `../src/__generated__/${name}.graphql.ts`);
        return `import relay_${name} from ${JSON.stringify(artifact)};`;
      });
      return { code: imports.join(" ") + replaced, map: null, moduleType: id.endsWith("x") ? "tsx" : "ts" };
    },
  };
}

/** The documents of a file, as one text. */
function documentsOf(file: string): string {
  if (!/\/src\/(?!__generated__)[^?]*\.tsx?$/.test(file)) return "";
  return [...readFileSync(file, "utf8").matchAll(document)].join("\n");
}
