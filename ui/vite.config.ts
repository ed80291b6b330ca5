// `vite build` makes what the program ships; `vite build --mode scripted` adds the bridge that plays scripts, for browser tests.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig(({ mode, command }) => ({
  plugins: [svelte()],
  define: { __SCRIPTED__: JSON.stringify(mode === "scripted" || command === "serve") },
  clearScreen: false,
  server: { port: 1420, strictPort: true, fs: { allow: [".."] } },
  build: {
    target: "es2022",
    outDir: mode === "scripted" ? "../tests/artefacts/ui-bundle" : "dist",
    emptyOutDir: true,
    // The content policy allows fonts and pictures from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
}));
