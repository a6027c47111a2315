import { defineConfig } from "vitest/config";

/** Tests that drive a real Chromium; one after the other, for small machines. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: "support/warm-up.ts",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
