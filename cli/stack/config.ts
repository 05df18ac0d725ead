/** The stack's config: what it says, and changes of it. */
import { z } from "zod";
import { hide } from "../redaction/index.ts";
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
  /** The same, also of what is encrypted, which is not printed from then on. @throws Fault with the engine's own words */
  reveal(key: string): Promise<string | undefined>;
}

/** @throws Fault with the engine's own words */
export async function readConfig(place: StackPlace): Promise<ConfigFile> {
  const { name: project } = await readProject(place);
  const read = async (...flags: string[]) =>
    shown.parse(JSON.parse(await askEngine(place, ["config", "--json", ...flags])));
  const all = await read();
  const decrypted = async (key: string) => {
    const value = (await read("--show-secrets"))[key]?.value;
    hide(value);
    return value;
  };
  return {
    project,
    has: (key) => key in all,
    get: (key) => all[key]?.value,
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
