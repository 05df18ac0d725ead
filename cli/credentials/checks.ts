/** What earlier checks have seen, so that it can still be said when a source is locked. No secret is in it. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { z } from "zod";
import type { StackPlace } from "../stack/place.ts";
import { writePrivately } from "../../sandbox/world.ts";

const check = z.strictObject({ at: z.iso.datetime(), account: z.string(), arn: z.string() });
const file = z.record(z.string(), z.record(z.string(), check));

/** When a source last gave credentials that AWS knew, and whose. */
export type Check = z.infer<typeof check>;

/** Where they are kept: the user's folder for state. */
export function checksFile(): string {
  return join(envPaths("awsmegatests", { suffix: "" }).log, "credential-checks.json");
}

/** By which the checks of a stack are kept. */
export function checksKey({ folder, stack }: StackPlace): string {
  return `${folder} ${stack}`;
}

/** Those of one stack, by the sources' titles. */
export async function readChecks(stack: string, path = checksFile()): Promise<Record<string, Check>> {
  return (await readAll(path))[stack] ?? {};
}

/** Replaces those of one stack; without any, the stack is forgotten. */
export async function writeChecks(
  stack: string,
  checks: Record<string, Check>,
  path = checksFile(),
): Promise<void> {
  const { [stack]: _, ...others } = await readAll(path);
  const all = Object.keys(checks).length > 0 ? { ...others, [stack]: checks } : others;
  if (Object.keys(all).length > 0) await writePrivately(path, JSON.stringify(all, undefined, 2));
  else await rm(path, { force: true });
}

/** A file that somebody has broken is as good as none. */
async function readAll(path: string): Promise<z.infer<typeof file>> {
  try {
    return file.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return {};
  }
}
