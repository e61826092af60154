// What a team has: an inbox that lives, a service that can be started again, somebody who issues tokens.

import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { startService } from "../../../../test/harness/service.mjs";

const repository = join(import.meta.dirname, "../../../..");
const audience = "dashboard";

/** An issuer of JSON Web Tokens, as one signs in at. */
async function startIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "day", alg: "ES256", use: "sig" }];
  const server = createServer((_, response) => response.end(JSON.stringify({ keys }))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    flags: ["-jwt-issuer", issuer, "-jwt-audience", audience, "-jwt-jwks-url", `${issuer}/keys`, "-jwt-leeway", "0s"],
    /** A token that is good for so many seconds. */
    token(seconds) {
      const exp = Math.floor(Date.now() / 1000) + seconds;
      const text = `${part({ alg: "ES256", kid: "day" })}.${part({ iss: issuer, aud: audience, sub: "somebody", exp })}`;
      return `${text}.${sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
    },
    stop: () => server.close(),
  };
}

/** An inbox whose chats change when it is told to move, until it is told to rest. */
async function startInbox(every) {
  const directory = mkdtempSync(join(tmpdir(), "inbox-"));
  const path = join(directory, "inbox");
  execFileSync("go", ["build", "-o", path, "./test/inbox"], { cwd: repository, stdio: "inherit" });
  const program = spawn(path, ["-every", every, "-seed", String(Date.now())], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  const tell = async (command) => {
    program.stdin.write(`${command}\n`);
    await lines.next();
  };
  return {
    url: value.replace("REST: ", ""),
    move: () => tell("move"),
    rest: () => tell("rest"),
    message: (id) => tell(`message ${id}`),
    async stop() {
      program.kill();
      await once(program, "close");
      rmSync(directory, { recursive: true });
    },
  };
}

/** Starts all three. The service lets those in who have a token. Chats change at this pace while they move. */
export async function startTeam(origin, every = "200ms") {
  const [issuer, inbox] = [await startIssuer(), await startInbox(every)];
  const flags = [...issuer.flags, "-texter-url", inbox.url, "-live-interval", "500ms", "-cors-origins", origin, "-log-level", "error"];
  const start = () => startService({ flags, env: { TEXTER_API_TOKEN: "of-the-project" } });
  let service = await start();
  const token = issuer.token(86_400);

  return {
    inbox,
    token: issuer.token,
    port: () => service.port,
    /** Stops the service; returns what starts it again, at another port. */
    async stopService() {
      await service.stop();
      return async () => {
        service = await start();
      };
    },
    /** Asks the service, past the network and the page. */
    async ask(query, variables) {
      const response = await fetch(service.GraphQL, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await response.json();
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    async stop() {
      await service.stop();
      await inbox.stop();
      issuer.stop();
    },
  };
}
