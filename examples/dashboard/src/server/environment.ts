import { Environment, Network, RecordSource, Store } from "relay-runtime";

import { request, type Server } from "./request";

/** A Relay environment: one cache, for one server and one token. */
export function createEnvironment(server: Server): Environment {
  return new Environment({
    network: Network.create(({ text }, variables) => request(server, text ?? "", variables)),
    store: new Store(new RecordSource()),
  });
}
