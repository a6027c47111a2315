import { defineConfig } from "vitest/config";

/** What `make bench` and `make pictures` run: no tests, but the same house and browser. */
export default defineConfig({
  test: {
    include: ["**/*.tool.ts"],
    globalSetup: "support/warm-up.ts",
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 1_800_000,
  },
});
