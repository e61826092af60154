// The service's answers beside graphql-js's. CASES is how many random requests are
// compared, SEED where they begin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import * as graphql16 from "graphql16";
import * as graphql16_8 from "graphql16.8";
import * as graphql16_13 from "graphql16.13";
import * as graphql17 from "graphql17";

import { startService } from "../harness/service.mjs";
import { cases } from "./cases.mjs";
import { differences } from "./differences.mjs";
import { Generator } from "./generate.mjs";
import { answer, ask, describe, difference, Judge } from "./judge.mjs";

const count = Number(process.env.CASES ?? 20_000);
const seed = Number(process.env.SEED ?? 1);

const repository = join(import.meta.dirname, "../..");
const sdl = readFileSync(join(repository, "schema.graphqls"), "utf8");

const service = await startService({ flags: ["-request-timeout", "60s"] });
after(service.stop);
const url = service.GraphQL;

const judge = new Judge(graphql17, sdl, url);
await describe(url, judge);

/** Compares the answer to one request; returns what to say of it, if it differs. */
async function compare(request) {
  const want = await judge.judge(request);
  const got = await answer(url, request);
  const unread = got.kind === "unparsed" && judge.definesType(request.query, got.errors[0]);
  const differs = unread ? want.kind === "executed" && "definition" : difference(want, got);
  const show = (v) => JSON.stringify({ ...v, places: undefined });
  return { want, got, report: differs && `${differs}: ${JSON.stringify(request)}\n  graphql-js ${show(want)}\n  service    ${show(got)}` };
}

for (const [name, requests] of Object.entries(cases)) {
  test(`${requests.length} requests about ${name} are answered as by graphql-js`, async () => {
    const reports = [];
    for (const [query, variables, operationName] of requests) {
      const { report } = await compare({ query, variables, operationName });
      if (report) reports.push(report);
    }
    assert.equal(reports.length, 0, reports.join("\n"));
  });
}

test(`${count} random requests are answered as by graphql-js`, async (t) => {
  const { data } = await ask(url, { query: "{searchChats(first:5){edges{cursor}}}" });
  const generator = new Generator(judge.schema, seed, data.searchChats.edges.map((edge) => edge.cursor));
  const reports = [];
  const kinds = {};
  let begun = 0;
  const work = async () => {
    while (begun++ < count && reports.length < 5) {
      const { want, got, report } = await compare(generator.request());
      kinds[got.kind === "refused" ? "refused" : want.kind] = (kinds[got.kind === "refused" ? "refused" : want.kind] ?? 0) + 1;
      if (report) reports.push(report);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  t.diagnostic(JSON.stringify(kinds));
  assert.equal(reports.length, 0, reports.join("\n"));
  for (const kind of ["executed", "invalid", "unparsed"]) assert.ok(count < 1000 || kinds[kind] > count / 5, `only ${kinds[kind]} were ${kind}`);
  assert.ok((kinds.refused ?? 0) <= count / 50, `${kinds.refused} were refused`);
});

test("docs/specifications.md lists all differences", () => {
  const page = readFileSync(join(repository, "docs/specifications.md"), "utf8");
  const [table] = page.split("## Differences from graphql-js 17")[1].split("\n## ");
  const rules = [...table.matchAll(/^\| (.*?) \| `/gm)].map(([, rule]) => rule);
  assert.deepEqual(rules, differences.map((d) => d.rule));
  assert.ok(rules.length <= 10);
  for (const { request } of differences) assert.ok(table.includes(request.query), request.query);
});

for (const { rule, request, emptySelectionSets, ...want } of differences) {
  test(`the difference about ${rule} is as the table says`, async () => {
    const plain = new Judge(graphql17, sdl, url); // with its own descriptions
    assertHas(await plain.judge(request, emptySelectionSets), want.graphql);
    assertHas(await answer(url, request), want.service);
  });
}

/** Asserts that a verdict has these members. */
function assertHas(verdict, members) {
  assert.deepEqual(Object.fromEntries(Object.keys(members).map((name) => [name, verdict[name]])), members);
}

for (const [version, graphql] of Object.entries({ 16.8: graphql16_8, 16.13: graphql16_13, 16.15: graphql16, 17.1: graphql17 })) {
  test(`graphql-js ${version} reads the introspection as the schema that it is of`, async () => {
    const everything = { descriptions: true, schemaDescription: true, specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true, oneOf: true };
    const { data, errors } = await ask(url, { query: graphql.getIntrospectionQuery(everything) });
    assert.equal(errors, undefined);
    const isOurs = (type) => !graphql.isSpecifiedScalarType(type) && !graphql.isIntrospectionType(type);
    const print = (schema) => Object.values(graphql.lexicographicSortSchema(schema).getTypeMap()).filter(isOurs).map(graphql.printType).join("\n\n");
    assert.equal(print(graphql.buildClientSchema(data)), print(graphql.buildSchema(sdl)));
  });
}
