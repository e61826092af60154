// Relay: relay-compiler accepts the connection, and usePaginationFragment pages
// it both ways in a rendered component. Its store has each label once.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before, test } from "node:test";

import "./relay/dom.mjs"; // before what looks for a page
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import register from "@babel/register";
import { Suspense, createElement as h } from "react";
import { RelayEnvironmentProvider } from "react-relay";
import { Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery } from "relay-runtime";

import { direct, thirdOf } from "./direct.mjs";
import { assertRenamed, fetchRenamed, labelNames } from "./labels.mjs";
import { startService } from "../harness/service.mjs";
import { recordWarnings } from "./warnings.mjs";

const require = createRequire(import.meta.url);
const service = await startService();
after(service.stop);

const filter = { statuses: ["BULK"] };
let ChatList, LabelNames;

before(() => {
  process.chdir(import.meta.dirname); // where the compiler finds its configuration
  for (const directory of ["build", "relay/__generated__"]) {
    rmSync(directory, { recursive: true, force: true });
  }
  mkdirSync("build");
  copyFileSync("../../schema.graphqls", "build/schema.graphql"); // the compiler reads no other suffix
  execFileSync(process.execPath, [require.resolve("relay-compiler/cli.js")]);
  register({ plugins: ["relay"], only: [/relay\/\w+\.js$/], cache: false });
  ({ ChatList } = require("./relay/ChatList.js"));
  LabelNames = require("./relay/LabelNames.js");
});

afterEach(cleanup);

function newEnvironment(fetch = globalThis.fetch) {
  return new Environment({
    network: Network.create(async ({ text: query }, variables) => {
      const response = await fetch(service.GraphQL, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    }),
    store: new Store(new RecordSource()),
  });
}

/** Shows the list, and reads it as a person would. */
function open(variables, pageSize) {
  const list = h(ChatList, { variables, pageSize });
  render(
    h(RelayEnvironmentProvider, { environment: newEnvironment() }, h(Suspense, null, list)),
  );
  const button = (name) => screen.getByRole("button", { name });
  return {
    rows: () => [...document.querySelectorAll("li")].map((item) => item.textContent),
    canGo: (name) => !button(name).disabled,
    go: (name) => fireEvent.click(button(name)),
  };
}

for (const [name, count, button] of [
  ["forward from the first page", "first", "Next"],
  ["backward from the last page", "last", "Previous"],
]) {
  test(`usePaginationFragment loads three pages, ${name}`, async (t) => {
    const assertNoWarnings = recordWarnings(t);
    const pageSize = await thirdOf(service.GraphQL, filter);
    const list = open({ filter, [count]: pageSize }, pageSize);
    for (const [pages, more] of [[1, true], [2, true], [3, false]]) {
      const want = await direct(service.GraphQL, { filter, [count]: pages * pageSize });
      await waitFor(() => assert.equal(list.rows().length, want.rows.length), { timeout: 300_000 });
      assert.deepEqual(list.rows(), want.rows);
      assert.equal(list.canGo(button), more);
      if (more) list.go(button);
    }
    assertNoWarnings();
  });
}

test("a label that is renamed has its new name on all chats", async (t) => {
  const assertNoWarnings = recordWarnings(t);
  const environment = newEnvironment(fetchRenamed);
  const { chatsQuery, labelsQuery } = LabelNames;
  const chats = createOperationDescriptor(chatsQuery, {});
  environment.retain(chats);
  const before = labelNames(await fetchQuery(environment, chatsQuery, {}).toPromise());
  await fetchQuery(environment, labelsQuery, {}).toPromise();
  assertRenamed(labelNames(environment.lookup(chats.fragment).data), before);
  assertNoWarnings();
});
