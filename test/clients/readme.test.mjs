// README.md: what it shows of queries and code generation works as written.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { startService } from "../harness/service.mjs";

const require = createRequire(import.meta.url);
const service = await startService();
after(service.stop);

const directory = join(import.meta.dirname, "build-readme");
const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

before(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, "src"), { recursive: true });
});
after(() => rmSync(directory, { recursive: true }));

/** The code of a language below a heading, with this service in place of README's. */
function code(heading, language) {
  const section = readme.split(/^##+ /m).find((part) => part.startsWith(heading + "\n"));
  const [, text] = section.match(new RegExp("^```" + language + "\n(.*?)^```$", "ms"));
  return text.replaceAll("http://127.0.0.1:8080", new URL(service.GraphQL).origin);
}

/** Runs the code of a heading as a module: the value of one of its names. */
async function run(heading, name) {
  const file = join(directory, `${heading.replaceAll(" ", "-")}.mjs`);
  writeFileSync(file, `${code(heading, "js")}\nexport { ${name} };\n`);
  return (await import(pathToFileURL(file)))[name];
}

test("curl's request has the response that stands below it", async () => {
  const [, url, name, value, body] = code("curl", "sh").trim().match(/^curl (\S+) -H '(.+?): (.+?)' -d '(.+)'$/s);
  const response = await fetch(url, { method: "POST", headers: { [name]: value }, body });
  const received = await response.json();
  const shown = JSON.parse(code("curl", "json"));
  const kinds = (data) => (data instanceof Object ? Object.entries(data).map(([key, inner]) => [key, kinds(inner)]) : typeof data);
  assert.deepEqual(kinds(received), kinds(shown));
  assert.deepEqual(received.extensions, shown.extensions);
});

for (const client of ["Apollo Client", "urql"]) {
  test(`${client} reads a page`, async () => {
    const { edges, pageInfo } = (await run(client, "data")).searchChats;
    assert.equal(edges.length, 30);
    assert.equal(pageInfo.hasNextPage, true);
  });
}

test("Relay's environment reads what its fragment asks for", async () => {
  const environment = await run("Relay", "environment");
  writeFileSync(
    join(directory, "src", "ChatList.js"),
    `graphql\`query ChatListQuery { ...ChatList_chats }\`;\ngraphql\`${code("Relay", "graphql")}\`;\n`,
  );
  writeFileSync(join(directory, "schema.graphql"), readFileSync(new URL("../../schema.graphqls", import.meta.url)));
  writeFileSync(join(directory, "relay.json"), JSON.stringify({ src: "src", schema: "schema.graphql", language: "javascript", eagerEsModules: false }));
  execFileSync(process.execPath, [require.resolve("relay-compiler/cli.js"), "relay.json"], { cwd: directory });
  const { params } = require(join(directory, "src", "__generated__", "ChatListQuery.graphql.js"));
  const { data } = await environment.getNetwork().execute(params, {}, {}).toPromise();
  assert.equal(data.searchChats.edges.length, 30);
});

test("GraphQL Code Generator makes types of the schema that the service serves", () => {
  writeFileSync(join(directory, "codegen.mjs"), code("Code generation", "js"));
  writeFileSync(join(directory, "src", "chats.graphql"), "query Chats { searchChats { nodes { id lastMessageAt raw } } }");
  const bin = join(import.meta.dirname, "node_modules", ".bin", "graphql-codegen");
  execFileSync(bin, ["--config", "codegen.mjs"], { cwd: directory });
  const types = readFileSync(join(directory, "src", "generated", "graphql.ts"), "utf8");
  assert.match(types, /lastMessageAt: string \| null/);
});
