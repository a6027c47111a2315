import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  base: "./",
  build: {
    target: "es2022",
    // A strict content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The operator's page, and that of a phone of staff in the room.
    rollupOptions: { input: ["index.html", "onsite.html"] },
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8780", ws: true } } },
});
