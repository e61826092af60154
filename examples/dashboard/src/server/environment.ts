import { Environment, Network, Observable, RecordSource, Store } from "relay-runtime";

import { request, type Server } from "./request";
import { subscribe } from "./subscribe";

/** A Relay environment: one cache, for one server and one token. What nobody waits for any more is aborted. */
export function createEnvironment(server: Server): Environment {
  return new Environment({
    network: Network.create(
      ({ text }, variables) =>
        Observable.create((sink) => {
        const abort = new AbortController();
        request(server, text ?? "", variables, abort.signal).then(
          (answer) => {
            sink.next(answer);
            sink.complete();
          },
          (error: Error) => {
            if (!abort.signal.aborted) sink.error(error);
          },
        );
        return () => abort.abort();
      }),
      ({ text }, variables) => subscribe(server, text ?? "", variables),
    ),
    store: new Store(new RecordSource()),
  });
}
