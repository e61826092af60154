// graphql-http: the server audits of the GraphQL over HTTP specification.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { serverAudits } from "graphql-http";

import { startService } from "../harness/service.mjs";

const service = await startService();
after(service.stop);

const audits = serverAudits({ url: service.GraphQL });

test("there are 61 audits", () => assert.equal(audits.length, 61));

for (const { id, name, fn } of audits) {
  test(`${id} ${name}`, async () => {
    // A notice or a warning is not good enough.
    const { status, reason } = await fn();
    assert.equal(status, "ok", reason);
  });
}
