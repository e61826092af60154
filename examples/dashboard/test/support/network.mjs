// The network between the browser and the service, which can be lost.

import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Listens at an address of its own, and passes all on to a port of this machine. */
export async function startNetwork() {
  let port = 0;
  let state = "up";
  const pairs = new Set();

  const server = createServer((near) => {
    if (state === "lost") return near.destroy();
    const far = state === "silent" ? null : connect(port, "127.0.0.1");
    const pair = { near, far };
    pairs.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from?.on("error", () => {}); // a close follows
      from?.on("data", (bytes) => pair.isSilent || to?.write(bytes));
      from?.on("close", () => {
        if (from === near) pairs.delete(pair);
        if (!pair.isSilent) to?.destroy();
      });
    }
    pair.isSilent = state === "silent";
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    /** Has the service at another port. */
    leadTo: (to) => (port = to),
    /** Breaks all connections, and takes no others. */
    lose() {
      state = "lost";
      for (const { near, far } of pairs) {
        near.destroy();
        far?.destroy();
      }
    },
    /** Nothing passes any more, and nobody is told: as for a computer that sleeps. */
    silence() {
      state = "silent";
      for (const pair of pairs) {
        pair.isSilent = true;
        pair.far?.destroy();
      }
    },
    /** Takes connections again. Those that fell silent stay so. */
    restore: () => (state = "up"),
    stop() {
      server.close();
      for (const { near, far } of pairs) {
        near.destroy();
        far?.destroy();
      }
    },
  };
}
