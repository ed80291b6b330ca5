// Browser tests against the built page: `npm run test:ui` builds it first.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const local = (name: string) => fileURLToPath(new URL(`./node_modules/${name}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL("../tests/ui", import.meta.url)),
  cacheDir: local(".vitest-ui"),
  resolve: { alias: { "playwright-core": local("playwright-core/index.mjs"), "axe-core": local("axe-core/axe.js"), vitest: local("vitest") } },
  server: { fs: { allow: [".."] } },
  test: { include: ["**/*.test.ts"], environment: "node", testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false, maxConcurrency: 2 },
});
