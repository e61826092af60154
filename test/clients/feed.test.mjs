// The live feed, with the code of README.md: each client reads a page, follows it
// through a restart of the service, and ends with the list of the inbox.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import register from "@babel/register";
import { waitFor } from "@testing-library/dom";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { Client, fetchExchange, gql as urqlGql } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { buildSchema, introspectionFromSchema } from "graphql";
import { createClient as createEventClient } from "graphql-sse";
import { JSDOM } from "jsdom";
import { Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery, requestSubscription } from "relay-runtime";
import { WebSocket } from "ws";

import { startInbox } from "./feed/inbox.mjs";
import { startService } from "../harness/service.mjs";

const { window } = new JSDOM("", { url: "http://127.0.0.1" });
globalThis.WebSocket ??= WebSocket; // Node has one from version 22 on
globalThis.document ??= window.document; // which waitFor looks for

const require = createRequire(import.meta.url);
const directory = join(import.meta.dirname, "build-feed");
const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

const page = `query { searchChats(first: 30) { totalCount liveCursor edges { cursor node { id name } } } }`;

before(() => {
  process.chdir(import.meta.dirname);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, "src"), { recursive: true });
  copyFileSync("feed/ChatFeed.js", join(directory, "src", "ChatFeed.js"));
  copyFileSync("../../schema.graphqls", join(directory, "schema.graphql"));
  writeFileSync(join(directory, "relay.json"), JSON.stringify({ src: "src", schema: "schema.graphql", language: "javascript", eagerEsModules: false }));
  execFileSync(process.execPath, [require.resolve("relay-compiler/cli.js"), "relay.json"], { cwd: directory });
  register({ plugins: ["relay"], only: [/build-feed\/src\/\w+\.js$/], cache: false });
});
after(() => rmSync(directory, { recursive: true }));

/** The code below a heading of README.md. */
function code(heading) {
  const section = readme.split(/^##+ /m).find((part) => part.startsWith(heading + "\n"));
  return section.match(/^```js\n(.*?)^```$/ms)[1];
}

const imports = `
import { gql } from "@apollo/client";
import { subscriptionExchange } from "@urql/core";
import { ConnectionHandler, Observable } from "relay-runtime";
`;

/** Runs what README.md has of the feed, with this service in place of README's. */
async function run(service) {
  const text = ["The live feed", "The feed with Apollo Client", "The feed with urql", "The feed with Relay"].map(code).join("\n");
  const file = join(directory, `feed-${service.port}.mjs`);
  writeFileSync(
    file,
    `${imports}${text.replaceAll("127.0.0.1:8080", new URL(service.GraphQL).host)}
export { socket, apply, follow, FEED, followWithApollo, exchange, updates, subscribe, updater };\n`,
  );
  return import(pathToFileURL(file));
}

const post = async (service, query, variables) => {
  const response = await fetch(service.GraphQL, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
};

/** A list and its edges, kept by hand. */
const plain = (start) => async (service, readmes) => {
  let { edges, liveCursor } = (await post(service, page)).data.searchChats;
  const stop = start(service, readmes, liveCursor, ({ chatsChanged }) => {
    for (const { chat } of chatsChanged.changes) if (chat) edges = edges.map((edge) => (edge.node.id === chat.id ? { ...edge, node: chat } : edge));
    edges = readmes.apply(edges, chatsChanged);
  });
  return { edges: () => edges, stop };
};

const sink = (next) => ({ next: ({ data }) => next(data), error: assert.ifError, complete() {} });

/** How each client follows the list. */
const clients = {
  "graphql-ws": plain((_, { follow, FEED }, since, next) => follow(FEED, { since }, sink(next))),
  "graphql-sse": plain((service, { FEED }, since, next) => {
    const client = createEventClient({ url: service.GraphQL, retryAttempts: Infinity });
    const variables = { since };
    return client.subscribe({ query: FEED, variables }, sink((data) => {
      variables.since = data.chatsChanged.cursor;
      next(data);
    }));
  }),
  "Apollo Client": async (service, { followWithApollo }) => {
    const client = new ApolloClient({ link: new HttpLink({ uri: service.GraphQL }), cache: new InMemoryCache() });
    const query = gql(page);
    const { data } = await client.query({ query });
    const stop = followWithApollo(client, query, data.searchChats.liveCursor);
    return { edges: () => client.readQuery({ query }).searchChats.edges, stop: () => (stop(), client.stop()) };
  },
  urql: async (service, { exchange, updates, FEED }) => {
    const query = urqlGql(page);
    const schema = introspectionFromSchema(buildSchema(readFileSync(join(directory, "schema.graphql"), "utf8")));
    const cache = cacheExchange({ schema, keys: { ChatChanges: () => null, ChatEntered: () => null, ChatUpdated: () => null, ChatLeft: () => null, ChatEdge: () => null, ChatConnection: () => null }, updates: updates(query) });
    const client = new Client({ url: service.GraphQL, exchanges: [cache, fetchExchange, exchange] });
    const { data } = await client.query(query, {});
    const { unsubscribe } = client.subscription(urqlGql(FEED), { since: data.searchChats.liveCursor }).subscribe(({ error }) => assert.ifError(error));
    return { edges: () => client.readQuery(query, {}).data.searchChats.edges, stop: unsubscribe };
  },
  Relay: async (service, { subscribe, updater }) => {
    const { listQuery, feedSubscription } = require(join(directory, "src", "ChatFeed.js"));
    const environment = new Environment({
      network: Network.create(({ text }, variables) => post(service, text, variables), subscribe),
      store: new Store(new RecordSource()),
    });
    const list = createOperationDescriptor(listQuery, {});
    environment.retain(list);
    const { searchChats } = await fetchQuery(environment, listQuery, {}).toPromise();
    const { dispose } = requestSubscription(environment, { subscription: feedSubscription, variables: { since: searchChats.liveCursor }, updater, onError: assert.ifError });
    return { edges: () => environment.lookup(list.fragment).data.searchChats.edges, stop: dispose };
  },
};

for (const [name, open] of Object.entries(clients)) {
  test(`${name} follows a list through a restart of the service`, async (t) => {
    const inbox = await startInbox(8);
    t.after(inbox.stop);
    const start = (port) => startService({ port, flags: ["-texter-url", inbox.url, "-live-interval", "500ms"], env: { TEXTER_API_TOKEN: "token" } });
    let service = await start(0);
    t.after(() => service.stop());
    const readmes = await run(service);
    t.after(() => readmes.socket.dispose());
    const list = await open(service, readmes);
    const assertSame = () => waitFor(() => assert.deepEqual(list.edges().map(({ node: { id, name } }) => ({ id, name })), inbox.list()), { container: document.body, timeout: 60_000 });

    inbox.message("new");
    inbox.message("chat-2");
    inbox.enter("mid", 4);
    inbox.rename("chat-0", "another name");
    inbox.remove("chat-5");
    await assertSame();

    await service.stop();
    inbox.message("meanwhile");
    inbox.remove("chat-1");
    inbox.rename("chat-3", "a third name");
    service = await start(service.port);
    await assertSame();

    inbox.remove("meanwhile");
    inbox.message("chat-0");
    await assertSame();
    list.stop();
  });
}
