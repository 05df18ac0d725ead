/** The stack's config: what it says, and changes of it. Values travel by standard input, never as arguments. */
import { z } from "zod";
import { askEngine, readProject, type StackPlace } from "./place.ts";

const shown = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().default(false) }),
);

/** What a stack's config says; what is encrypted stays so. */
export interface ConfigFile {
  /** Name of the project, which is the namespace of its own settings. */
  project: string;
  /** Whether there is such a key, encrypted or not. */
  has(key: string): boolean;
  /** The value in clear; a list or a map as JSON. Undefined where it is not set, or encrypted. */
  get(key: string): string | undefined;
}

/** @throws Fault with the engine's own words */
export async function readConfig(place: StackPlace): Promise<ConfigFile> {
  const { name: project } = await readProject(place);
  const all = shown.parse(JSON.parse(await askEngine(place, ["config", "--json"])));
  return { project, has: (key) => key in all, get: (key) => all[key]?.value };
}

/** How a value is kept, and whether the key is a path, as in `Lab:fields[0]`. */
export interface SetOptions {
  secret?: boolean;
  path?: boolean;
}

/** Sets one value. @throws Fault with the engine's own words */
export async function setConfig(
  place: StackPlace,
  key: string,
  value: string,
  { secret = false, path = false }: SetOptions = {},
): Promise<void> {
  const flags = [secret ? "--secret" : "--plaintext", ...(path ? ["--path"] : [])];
  await askEngine(place, ["config", "set", ...flags, key], value);
}

/** Takes keys out. */
export async function removeConfig(place: StackPlace, keys: string[]): Promise<void> {
  for (const key of keys) await askEngine(place, ["config", "rm", key]);
}
