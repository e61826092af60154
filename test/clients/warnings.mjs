import assert from "node:assert/strict";

/** Records what a client warns of during a test. The result fails on any of it. */
export function recordWarnings(t) {
  const levels = ["error", "warn"].map((level) => t.mock.method(console, level, () => {}));
  return () => {
    const calls = levels.flatMap(({ mock }) => mock.calls);
    assert.deepEqual(calls.map((call) => call.arguments), []);
  };
}
