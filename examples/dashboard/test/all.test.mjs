// All tests in one process: one build of the server, one browser, and two
// visitors at a time, for much of the time is spent waiting. ONLY=live,day runs those files.

import { after, describe } from "node:test";

import { stop } from "./support/visit.mjs";

const only = process.env.ONLY?.split(",");

describe("the dashboard", { concurrency: 2 }, async () => {
  for (const name of only ?? [
    "day",
    "outage",
    "development",
    "deployment",
    "start",
    "tiles",
    "mending",
    "address",
    "paging",
    "filter",
    "labels",
    "page",
    "settings",
    "drawer",
    "directions",
    "phone",
    "axe",
    "many",
    "live",
    "errors",
  ]) {
    await import(`./${name}.mjs`);
  }
});

after(stop);
