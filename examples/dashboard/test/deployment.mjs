// README.md's way to deploy the dashboard: nginx in front of it and of the service. What signs people in
// is made up, the rest is real.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { root, startDashboard } from "./support/dashboard.mjs";
import { startTeam } from "./support/team.mjs";
import { eventually, visit } from "./support/visit.mjs";

/** What signs people in, as oauth2-proxy does. */
async function startSignIn(token) {
  const signIn = { isOver: true };
  const server = createServer(({ url, headers }, response) => {
    if (url !== "/oauth2/auth") return response.end(`Sign in to go to ${headers["x-auth-request-redirect"]}`);
    response.writeHead(signIn.isOver ? 401 : 202, signIn.isOver ? {} : { Authorization: `Bearer ${token}` });
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(signIn, { port: server.address().port, stop: () => server.close() });
}

/** A port of this machine that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts nginx with the server block of README.md, at addresses of this test and without TLS. */
async function startNginx(t, ports) {
  const directory = mkdtempSync(join(tmpdir(), "nginx-"));
  chmodSync(directory, 0o755); // nginx that root starts reads files as another user, who may not enter root's home
  cpSync(join(root, "dist"), join(directory, "dist"), { recursive: true });
  const [block] = /^ {7}server \{$.*?^ {7}\}$/ms.exec(readFileSync(join(root, "README.md"), "utf8"));
  const port = await freePort();
  const server = [
    ["listen 443 ssl;", `listen 127.0.0.1:${port};`],
    ["http2 on;", ""],
    ["/srv/dashboard/dist", join(directory, "dist")],
    ["http://127.0.0.1:8080", `http://127.0.0.1:${ports.service}`],
    ...Array(3).fill(["http://127.0.0.1:4180", `http://127.0.0.1:${ports.signIn}`]),
  ].reduce((text, [from, to]) => {
    assert.ok(text.includes(from), from);
    return text.replace(from, to);
  }, block);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${directory};`);
  const configuration = `daemon off; error_log stderr crit; pid ${directory}/pid; events {}
    http { include /etc/nginx/mime.types; access_log off; ${paths.join(" ")} ${server} }`;
  writeFileSync(join(directory, "nginx.conf"), configuration);
  const nginx = spawn("nginx", ["-p", directory, "-e", "stderr", "-c", join(directory, "nginx.conf")], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ["ignore", "inherit", "inherit"],
  });
  t.after(async () => {
    nginx.kill();
    await once(nginx, "close");
    rmSync(directory, { recursive: true });
  });
  const origin = `http://127.0.0.1:${port}`;
  await eventually(() => fetch(origin));
  return origin;
}

test("behind nginx as in README.md, people sign in once, no token is in the browser, and rows are live", async (t) => {
  const team = await startTeam("http://127.0.0.1");
  const signIn = await startSignIn(team.token(3600));
  t.after(async () => {
    signIn.stop();
    await team.stop();
  });
  const origin = await startNginx(t, { service: team.port(), signIn: signIn.port });
  const query = JSON.stringify({ query: "{ searchChats(first: 0) { totalCount } }" });
  const post = (headers) => fetch(`${origin}/graphql`, { method: "POST", body: query, headers: { "Content-Type": "application/json", ...headers } });
  assert.equal(await (await fetch(`${origin}/?status=PENDING`)).text(), "Sign in to go to /?status=PENDING");
  assert.equal((await post({ Authorization: `Bearer ${team.token(3600)}` })).status, 401, "a token of the browser's is no sign-in");

  signIn.isOver = false;
  assert.equal((await post({ Authorization: "Bearer of-another" })).status, 200, "a token of the browser's is not passed on");
  const site = await startDashboard(() => ({ origin, site: { close() {} } }));
  const complaint = /401|50[02]|net::ERR_/; // what is behind nginx is stopped before the page is closed
  const visitor = await visit(t, { at: site, endpoint: `${origin}/graphql`, complaint });
  t.after(site.stop);
  const { page, rows, operations } = visitor;
  await rows.first().waitFor();
  assert.equal(await operations[0].request.headerValue("authorization"), null);
  const before = await visitor.ids();
  await team.inbox.move();
  await eventually(async () => assert.notDeepEqual(await visitor.ids(), before));
  await team.inbox.rest();

  signIn.isOver = true;
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("Your sign-in is over").first().waitFor();
  signIn.isOver = false;
  await page.getByRole("button", { name: "Retry" }).first().click();
  await eventually(async () => assert.equal(await page.getByRole("alert").count(), 0));
});
