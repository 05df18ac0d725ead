/** Runs once before all tests: the engine and Python are prepared here, with words, and not within some test's time limit. */
import { makeProgress } from "../cli/progress.ts";
import { ensureEngine } from "../sandbox/toolchain/engine.ts";
import { ensurePython } from "../sandbox/toolchain/python.ts";

export default async function prepareToolchain(): Promise<void> {
  const progress = makeProgress();
  await Promise.all([ensureEngine(progress), ensurePython(progress)]);
}
