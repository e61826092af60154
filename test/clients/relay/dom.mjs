// The page that react-dom and Testing Library find when they are imported.

import { JSDOM } from "jsdom";

const { window } = new JSDOM();
Object.assign(globalThis, { window, document: window.document });
globalThis.navigator ??= window.navigator; // later versions of Node have their own

// A page that closes drops its timers, but Node waits for them, and Relay keeps
// a query for five minutes after its component has gone.
const { setTimeout } = globalThis;
globalThis.setTimeout = (...args) => setTimeout(...args).unref();
