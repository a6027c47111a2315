import { defineConfig } from "vitest/config";

/** A robot that is driven stands for want of fresh pictures where others use its cores. */
const DRIVEN = "drive.test.ts";

/** Tests that drive a real Chromium: some files side by side, then those that need the machine alone. */
export default defineConfig({
  test: {
    globalSetup: "support/warm-up.ts",
    // What a failed test saw is told before its own hooks close it.
    setupFiles: ["support/each-test.ts"],
    sequence: { hooks: "list" },
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Told in the output, with what the first try saw, which is looked into: one slip of 365 tests
    // on a busy machine is no word on the change that is tried.
    retry: 1,
    // The machine may be busy; the default of a second is for pages without a program behind them.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "side by side",
          include: ["**/*.test.ts"],
          exclude: ["node_modules/**", DRIVEN],
        },
      },
      {
        extends: true,
        test: { name: "alone", include: [DRIVEN], sequence: { groupOrder: 1, hooks: "list" } },
      },
    ],
  },
});
