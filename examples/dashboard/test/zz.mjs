import { createServer } from "vite"; import { chromium } from "playwright-core"; import { startServer } from "./support/server.mjs";
const s = await startServer(); const v = await createServer({ root: process.cwd(), server: { port: 0 } }); await v.listen();
const port = v.httpServer.address().port; const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const c = await b.newContext(); await c.addInitScript((u) => localStorage.setItem("inbox.endpoint", u), s.url); const p = await c.newPage();
p.on("console", (m) => console.log(m.type(), m.text().slice(0, 300))); p.on("pageerror", e => console.log("pageerror", e));
p.on("request", r => r.method()==="POST" && console.log(/query (\w+)/.exec(r.postData())[1], r.postDataJSON().variables.cursor?.slice(0,8)));
await p.goto(`http://127.0.0.1:${port}/`); await p.locator("[data-chat-id]").first().waitFor({timeout: 20000});
for (let i=0;i<10;i++) { await p.evaluate(() => scrollTo(0, 1e6)); await p.waitForTimeout(300); console.log(await p.locator("[data-chat-id]").count(), await p.locator(".load-more").innerText()); }
await p.getByRole("button", { name: "Load more" }).click(); await p.waitForTimeout(500); console.log(await p.locator("[data-chat-id]").count());
await s.stop(); 
await b.close(); await v.close();
