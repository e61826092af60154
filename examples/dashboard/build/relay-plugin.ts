import { resolve } from "node:path";
import type { Plugin } from "vite";

const document = /\bgraphql`\s*(?:query|fragment)\s+(\w+)[^`]*`/g;

/** Puts what relay-compiler made of each graphql`…` in its place. */
export function relay(): Plugin {
  return {
    name: "relay",
    enforce: "pre",
    transform(code, id) {
      const names: string[] = [];
      const replaced = code.replace(document, (text, name: string) => {
        names.push(name);
        // As many lines as before, so that line numbers still hold.
        return `relay_${name}${"\n".repeat(text.split("\n").length - 1)}`;
      });
      if (names.length === 0) return null;
      const imports = names.map((name) => {
        const artifact = resolve(import.meta.dirname, `../src/__generated__/${name}.graphql.ts`);
        return `import relay_${name} from ${JSON.stringify(artifact)};`;
      });
      return { code: imports.join(" ") + replaced, map: null, moduleType: id.endsWith("x") ? "tsx" : "ts" };
    },
  };
}
