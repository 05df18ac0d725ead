/** The stand-in plugins that run for a sandbox, for the engine to attach to. */
import { join } from "node:path";
import { compileCache, searchPath, withoutAccounts, type PluginName } from "../environment.ts";
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

/** A set without a plugin; what they run, runs in the clone, with the sandbox's own programs first on PATH. */
export function makePluginSet(world: World, tools: { engine: Engine; python: Python }): PluginSet {
  const processes: Child[] = [];
  const ports: PluginPorts = {};
  const env = {
    ...withoutAccounts(),
    PATH: searchPath(world, tools.engine, tools.python),
    // Halves the start of the steps, which the plugin `command` runs with its own environment.
    NODE_COMPILE_CACHE: compileCache(),
  };
  const main = join(world.root, "sandbox/plugins/main.ts");
  return {
    need: async (names) => {
      const missing = names.filter((name) => ports[name] === undefined);
      if (missing.length > 0) {
        const options = { cwd: world.root, env, log: join(world.logs, "plugins.log") };
        const child = await startChild("plugins", process.execPath, [main, ...missing], options);
        processes.push(child);
        Object.assign(ports, portsIn(missing, child.firstLine));
      }
      return { ...ports };
    },
    close: async () => {
      await Promise.all(processes.map((child) => child.stop()));
    },
  };
}

/** One plugin prints its port, several print `name:port,…`. */
export function portsIn(names: PluginName[], line: string): PluginPorts {
  const [only] = names;
  const pairs =
    names.length === 1
      ? [[only, line.trim()]]
      : line
          .trim()
          .split(",")
          .map((each) => each.split(":"));
  const ports = Object.fromEntries(pairs.map(([name, port]) => [name, Number(port)])) as PluginPorts;
  if (names.some((name) => !Number.isInteger(ports[name]) || ports[name] === 0))
    throw new Error(
      `The plugins ${names.join(", ")} printed ${JSON.stringify(line)} where their ports were expected`,
    );
  return ports;
}
