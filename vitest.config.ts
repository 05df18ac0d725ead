import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", ".sandbox/**"],
    globalSetup: "./test/toolchain-setup.ts",
    reporters: ["default", "./test/summary-reporter.ts"],
    // The end-to-end tests wait more than they work: on two cores, one worker alone would take twice as long.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
