import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { relay } from "./build/relay-plugin.ts";

export default defineConfig({
  base: "./", // relative, so that the build may be served below any path
  plugins: [relay(), react()],
  build: {
    target: ["chrome126", "firefox126", "safari18"], // the first with all that is used here, such as light-dark()
    chunkSizeWarningLimit: 600, // kB before compression: React and Relay are that large
  },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
});
