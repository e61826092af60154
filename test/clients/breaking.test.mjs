// graphql-inspector: operations written against the last release stay good.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

// What CHANGELOG.md says to be broken on purpose since the last release.
const unreleased = read("../../CHANGELOG.md").split(/^## /m).find((part) => part.startsWith("[Unreleased]"));
const breaking = unreleased.split(/^### /m).find((part) => part.startsWith("Breaking")) ?? "";
const announced = [...breaking.matchAll(/`(.+?)`/g)].map(([, path]) => path);

const changes = await diff(buildSchema(read("released.graphqls")), buildSchema(read("../../schema.graphqls")));
const broken = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);

test("nothing breaks that the changelog does not announce", () => {
  const silent = broken.filter(({ path }) => !announced.includes(path));
  assert.deepEqual(silent.map(({ path, message }) => `${path}: ${message}`), []);
});

test("the changelog announces nothing that does not break", () => {
  assert.deepEqual(announced.filter((announcement) => !broken.some(({ path }) => path === announcement)), []);
});
