import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Unit tests of the pages; what needs a browser is in `tests/browser`. */
export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ["browser"] },
  test: {
    include: [
      "shared/ts/**/*.test.ts",
      "robot-firmware/screen/**/*.test.ts",
      "operator-console/web/**/*.test.ts",
    ],
  },
});
