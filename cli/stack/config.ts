/** The stack's config: what it says, and changes of it. */
import { z } from "zod";
import { hide } from "../redaction/index.ts";
import { askEngine, readProject, type StackPlace } from "./place.ts";

const shown = z.record(
  z.string(),
  // What is encrypted has no value, unless it is to be shown.
  z.object({ value: z.string().default(""), secret: z.boolean().default(false) }),
);

/** A stack's config by full keys, as the engine shows it; lists and maps as JSON. */
export type ShownConfig = Record<string, { value: string; secret: boolean }>;

/** Secrets in clear: in memory only. @throws Fault with the engine's own words */
export async function showConfig(place: StackPlace): Promise<ShownConfig> {
  return show(place, "--show-secrets");
}

async function show(place: StackPlace, ...flags: "--show-secrets"[]): Promise<ShownConfig> {
  return shown.parse(JSON.parse(await askEngine(place, ["config", ...flags, "--json"])));
}

/** What a stack's config says; what is encrypted stays so. */
export interface ConfigFile {
  /** Name of the project, which is the namespace of its own settings. */
  project: string;
  /** Whether there is such a key, encrypted or not. */
  has(key: string): boolean;
  /** The value in clear; a list or a map as JSON. Undefined where it is not set, or encrypted. */
  get(key: string): string | undefined;
  /** The same, also of what is encrypted, which is not printed from then on. @throws Fault with the engine's own words */
  reveal(key: string): Promise<string | undefined>;
}

/** @throws Fault with the engine's own words */
export async function readConfig(place: StackPlace): Promise<ConfigFile> {
  const { name: project } = await readProject(place);
  const all = await show(place);
  const decrypted = async (key: string) => {
    const value = (await showConfig(place))[key]?.value;
    hide(value);
    return value;
  };
  return {
    project,
    has: (key) => key in all,
    get: (key) => (all[key]?.secret ? undefined : all[key]?.value),
    reveal: async (key) => (all[key]?.secret ? decrypted(key) : all[key]?.value),
  };
}

/** Sets a value that is encrypted. It travels by standard input. @throws Fault with the engine's own words */
export async function setSecret(place: StackPlace, key: string, value: string): Promise<void> {
  await askEngine(place, ["config", "set", "--secret", key], value);
}

/**
 * Sets values in clear, all at once.
 * @param values by full key, or by a path into it, as in `Lab:fields[0]`
 * @throws Fault with the engine's own words
 */
export async function setConfig(place: StackPlace, values: Record<string, string>): Promise<void> {
  const pairs = Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  if (pairs.length > 0) await askEngine(place, ["config", "set-all", "--path", ...pairs]);
}

/** Takes keys out. */
export async function removeConfig(place: StackPlace, keys: string[]): Promise<void> {
  for (const key of keys) await askEngine(place, ["config", "rm", key]);
}
