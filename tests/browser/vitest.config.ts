import { defineConfig } from "vitest/config";

/** Tests that drive a real Chromium; two files at a time, for small machines. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: "support/warm-up.ts",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
