// Persisted queries: Apollo Client's automatic ones, and trusted documents by
// the manifest of relay-compiler.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";

import { startService } from "../harness/service.mjs";

const require = createRequire(import.meta.url);

const query = gql`
  query Counts($first: Int) {
    searchChats(first: $first) {
      totalCount
    }
  }
`;

for (const useGETForHashedQueries of [false, true]) {
  test(`Apollo sends the text once, then its hash by ${useGETForHashedQueries ? "GET" : "POST"}`, async (t) => {
    const service = await startService();
    t.after(service.stop);
    const sent = [];
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new PersistedQueryLink({
        sha256: (text) => createHash("sha256").update(text).digest("hex"),
        useGETForHashedQueries,
      }).concat(
        new HttpLink({
          uri: service.GraphQL,
          fetch: (url, options) => {
            sent.push(options.method + (options.body?.includes('"query"') ? " text" : " hash"));
            return fetch(url, options);
          },
        }),
      ),
    });
    for (const first of [0, 1]) {
      const { data } = await client.query({ query, variables: { first }, fetchPolicy: "network-only" });
      assert.ok(data.searchChats.totalCount > 0);
    }
    const hash = useGETForHashedQueries ? "GET hash" : "POST hash";
    assert.deepEqual(sent, [hash, "POST text", hash]);
  });
}

test("what relay-compiler persists is all that a server of trusted documents executes", async (t) => {
  const directory = "build-persisted";
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(`${directory}/generated`, { recursive: true });
  t.after(() => rmSync(directory, { recursive: true }));
  copyFileSync("../../schema.graphqls", `${directory}/schema.graphql`); // the compiler reads no other suffix
  const manifest = `${directory}/manifest.json`;
  writeFileSync(manifest, "{}");
  writeFileSync(
    `${directory}/config.json`,
    JSON.stringify({
      src: "../relay",
      schema: "schema.graphql",
      language: "javascript",
      artifactDirectory: "generated",
      persistConfig: { file: "manifest.json", algorithm: "MD5" },
    }),
  );
  execFileSync(process.execPath, [require.resolve("relay-compiler/cli.js"), "config.json"], { cwd: directory });
  const service = await startService({ flags: ["-trusted-documents", manifest] });
  t.after(service.stop);

  const ask = async (body) => {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(service.GraphQL, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json();
  };
  const documents = Object.entries(JSON.parse(readFileSync(manifest, "utf8")));
  assert.equal(documents.length, 4);
  for (const [id, text] of documents) {
    for (const request of [{ doc_id: id }, { documentId: id }, { query: text }]) {
      const { data, errors } = await ask({ ...request, variables: { first: 2 } });
      assert.equal(errors, undefined);
      assert.ok(Object.values(data).every((value) => value !== null), text);
    }
  }
  for (const request of [{ query: "{ __typename }" }, { query: "{ __schema { queryType { name } } }" }]) {
    const { errors } = await ask(request);
    assert.equal(errors[0].extensions.code, "PERSISTED_QUERY_NOT_IN_LIST");
  }
});
