import { defineConfig } from "vitest/config";

/** Tests that drive a real Chromium; two files at a time, for small machines. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: "support/warm-up.ts",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // The machine may be busy; the default of a second is for pages without a program behind them.
    expect: { poll: { timeout: 20_000 } },
  },
});
