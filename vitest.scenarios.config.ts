import { defineConfig, mergeConfig } from "vitest/config";
import all from "./vitest.config.ts";

/** What people and operators do to a stack, on the real engine: too long for every run of the tests. */
const { include: _tests, ...rest } = all.test ?? {};
export default mergeConfig(defineConfig({ test: rest }), { test: { include: ["test/e2e/*.scenario.ts"] } });
