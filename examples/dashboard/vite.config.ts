import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { relay } from "./build/relay-plugin.ts";

// The page and the service have one origin, here as in production: see README.md.
const proxy = { "/graphql": { target: process.env.GRAPHQL_URL ?? "http://127.0.0.1:8080" } };

export default defineConfig({
  base: "./", // relative, so that the build may be served below any path
  plugins: [relay(), react()],
  build: {
    target: ["chrome126", "firefox126", "safari18"], // the first with all that is used here, such as light-dark()
    chunkSizeWarningLimit: 700, // kB before compression: React and Relay are that large
  },
  server: { host: "127.0.0.1", proxy },
  preview: { host: "127.0.0.1", proxy },
});
