/** The stand-in plugins that run for a sandbox, each a process of its own, as the engine attaches to them. */
import { join } from "node:path";
import { searchPath, withoutAccounts, type PluginName } from "../environment.ts";
import type { Engine } from "../toolchain/engine.ts";
import type { Python } from "../toolchain/python.ts";
import type { World } from "../world.ts";
import { startChild, type Child } from "./children.ts";

/** Ports by plugin. */
export type PluginPorts = Partial<Record<PluginName, number>>;

/** Plugins that are started when they are first needed. */
export interface PluginSet {
  /** Starts those that do not run yet. @returns the ports of all that run */
  need(names: PluginName[]): Promise<PluginPorts>;
  close(): Promise<void>;
}

/** A set without a plugin; their programs run in the clone, with the sandbox's own programs first on PATH. */
export function makePluginSet(world: World, tools: { engine: Engine; python: Python }): PluginSet {
  const running = new Map<PluginName, Child>();
  const env = { ...withoutAccounts(), PATH: searchPath(world, tools.engine, tools.python) };
  const start = async (name: PluginName) => {
    const main = join(world.root, "sandbox/plugins/main.ts");
    const log = join(world.logs, `plugin-${name}.log`);
    const options = { cwd: world.root, env, log };
    running.set(name, await startChild(`plugin ${name}`, process.execPath, [main, name], options));
  };
  return {
    need: async (names) => {
      await Promise.all(names.filter((name) => !running.has(name)).map(start));
      return Object.fromEntries([...running].map(([name, { firstLine }]) => [name, portIn(name, firstLine)]));
    },
    close: async () => {
      await Promise.all([...running.values()].map((plugin) => plugin.stop()));
    },
  };
}

function portIn(name: PluginName, line: string): number {
  const port = Number(line.trim());
  if (!Number.isInteger(port) || port <= 0)
    throw new Error(`The plugin ${name} printed ${JSON.stringify(line)} where its port was expected`);
  return port;
}
