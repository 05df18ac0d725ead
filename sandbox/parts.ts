/** Which plugins and which `tw` a sandbox runs with: stand-ins, unless real ones are named or fetched. */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PLUGINS, type PluginName } from "./environment.ts";
import type { Engine } from "./toolchain/engine.ts";
import { isExecutable } from "./toolchain/find-executable.ts";
import { ensureReal, linkPlugins, type RealPart } from "./toolchain/real.ts";
import type { Report } from "./toolchain/report.ts";
import type { World } from "./world.ts";

/** What the command line asks for. */
export interface PartsWanted {
  /** Paths by plugin name. */
  plugin: Partial<Record<PluginName, string>>;
  tw?: string;
  /** All that are not named are fetched. */
  real: boolean;
}

/** What it comes to. */
export interface Parts {
  /** Folders of the plugins that the engine starts from a path, by name. */
  folders: Partial<Record<PluginName, string>>;
  /** Plugins that the sandbox imitates. */
  imitated: PluginName[];
  /** Names for the summary. */
  real: string[];
  standIns: string[];
}

/** A wrong argument; the command ends with exit code 2. */
export class WrongArgument extends Error {}

/**
 * Checks what was named, without changing anything.
 * @throws WrongArgument when a path is not a plugin, or no executable
 */
export async function checkParts(wanted: PartsWanted): Promise<void> {
  for (const [name, path] of Object.entries(wanted.plugin)) await pluginKind(name as PluginName, path);
  if (wanted.tw !== undefined && !(await isExecutable(fromHere(wanted.tw))))
    throw new WrongArgument(`--tw ${wanted.tw}: not an executable file; the path of a tw program is wanted`);
}

/** Fetches what is to be real, and puts everything where the engine and the programs look for it. */
export async function chooseParts(
  world: World,
  engine: Engine,
  wanted: PartsWanted,
  report: Report,
): Promise<Parts> {
  const unnamed = PLUGINS.filter((name) => wanted.plugin[name] === undefined);
  const fetched: RealPart[] = wanted.real
    ? [...unnamed, ...(wanted.tw === undefined ? ["tw" as const] : [])]
    : [];
  const modules = join(world.root, "node_modules");
  const real = fetched.length > 0 ? await ensureReal(fetched, report, { engine: engine.path, modules }) : {};
  if (real.plugins) await linkPlugins(world.home, real.plugins);

  const folders: Parts["folders"] = {};
  for (const [name, path] of Object.entries(wanted.plugin) as [PluginName, string][])
    folders[name] = await pluginFolder(world, name, path);

  const tw = real.tw ?? (wanted.tw === undefined ? undefined : fromHere(wanted.tw));
  await writeWrapper(
    join(world.bin, "tw"),
    tw === undefined ? [process.execPath, join(world.root, "sandbox/tw/main.ts")] : [tw],
  );
  const imitated = wanted.real ? [] : unnamed;
  const standIns = [...imitated, ...(tw === undefined ? ["tw"] : [])];
  const exchangeable = [...PLUGINS, "tw"];
  return {
    ...{ folders, imitated, standIns },
    real: ["engine", ...exchangeable.filter((name) => !standIns.includes(name)), "seqerakit", "moto"],
  };
}

/** Where a path was typed: npm runs scripts in the project's folder, and tells where it was called. */
function fromHere(path: string): string {
  return resolve(process.env.INIT_CWD ?? ".", path);
}

async function pluginFolder(world: World, name: PluginName, path: string): Promise<string> {
  const at = fromHere(path);
  if ((await pluginKind(name, path)) === "folder") return at;
  // The engine wants a folder in which the plugin has its proper name.
  const folder = join(world.plugins, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeWrapper(join(folder, `pulumi-resource-${name}`), [at]);
  return folder;
}

async function pluginKind(name: PluginName, path: string): Promise<"folder" | "file"> {
  const at = fromHere(path);
  const executable = `pulumi-resource-${name}`;
  if ((await stat(at).catch(() => undefined))?.isDirectory()) {
    const there = await Promise.all([
      isExecutable(join(at, executable)),
      stat(join(at, "PulumiPlugin.yaml")).then(
        () => true,
        () => false,
      ),
    ]);
    if (there.includes(true)) return "folder";
    throw new WrongArgument(
      `--plugin ${name}=${path}: the folder has neither ${executable} nor PulumiPlugin.yaml`,
    );
  }
  if (await isExecutable(at)) return "file";
  throw new WrongArgument(
    `--plugin ${name}=${path}: neither a folder nor an executable file; ${executable}, or a folder with it or with PulumiPlugin.yaml, is wanted`,
  );
}

/** A program that runs another one under this name; a link would tell the other one a wrong place to look for its files. */
async function writeWrapper(file: string, command: string[]): Promise<void> {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await rm(file, { force: true });
  await writeFile(file, `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
}

/**
 * Reads `NAME=PATH`.
 * @throws WrongArgument when it is something else, or names no plugin of the project
 */
export function parsePlugin(value: string): [PluginName, string] {
  const [, name, path] = /^([^=]*)=(.+)$/.exec(value) ?? [];
  if (name === undefined || path === undefined)
    throw new WrongArgument(`--plugin ${value}: NAME=PATH is wanted, for instance aws=./pulumi-resource-aws`);
  if (!(PLUGINS as readonly string[]).includes(name))
    throw new WrongArgument(
      `--plugin ${value}: no plugin of the project is named ${name}; there are ${PLUGINS.join(", ")}`,
    );
  return [name as PluginName, path];
}
