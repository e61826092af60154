// Opens the dashboard in a browser, and keeps a log of what it does.

import { join } from "node:path";
import { chromium } from "playwright-core";
import { createServer, preview } from "vite";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The folder of the dashboard. */
export const root = join(import.meta.dirname, "../..");

/** Serves the build. */
async function serveBuild() {
  const site = await preview({ root, logLevel: "error", preview: { port: 0 } });
  return { site, origin: `http://127.0.0.1:${site.httpServer.address().port}` };
}

/** Serves the sources, as `npm run dev` does. */
export async function serveSources() {
  const site = await createServer({ root, logLevel: "error", server: { port: 0 } });
  await site.listen();
  return { site, origin: `http://127.0.0.1:${site.httpServer.address().port}` };
}

/** Serves the dashboard and starts a browser. */
export async function startDashboard(serve = serveBuild) {
  const { site, origin } = await serve();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: flags,
  });
  const stop = async () => {
    await browser.close();
    await site.close();
  };
  return { origin, open: (...visit) => open(browser, origin, ...visit), stop };
}

/** Opens the dashboard on a server, as a visitor who never was there; prepare gets the empty page. */
async function open(browser, origin, endpoint, options, prepare, query = "") {
  // Without animations, which take half of the machine where it has no GPU.
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    reducedMotion: "reduce",
    ...options,
  });
  await context.addInitScript((url) => localStorage.setItem("inbox.endpoint", url), endpoint);
  const page = await context.newPage();
  page.setDefaultTimeout(300_000); // a busy machine takes its time

  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));

  const hosts = new Set();
  const operations = [];
  const subscriptions = [];
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith("http")) hosts.add(host);
    if (request.method() !== "POST") return;
    const sent = operation(request);
    (sent.query.startsWith("subscription") ? subscriptions : operations).push(sent);
  });

  await prepare?.(page);
  await page.goto(`${origin}/${query}`);
  return {
    page,
    complaints,
    hosts,
    operations,
    subscriptions,
    rows: page.locator("[data-chat-id]"),
    ids: () => page.locator("[data-chat-id]").evaluateAll((rows) => rows.map((row) => row.dataset.chatId)),
    tile: (name) => page.getByRole("list", { name: "Chats by status" }).getByRole("button", { name }),
    close: async () => {
      await page.unrouteAll({ behavior: "ignoreErrors" }); // of requests that nobody waits for any more
      await context.close();
    },
  };
}

/** What a request asks: the name of its operation, its text and its variables. */
function operation(request) {
  const { query, variables } = request.postDataJSON();
  return { name: /\b(?:query|subscription)\s+(\w+)/.exec(query)?.[1], query, variables, request };
}
