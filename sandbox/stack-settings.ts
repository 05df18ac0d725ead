/** A stack's settings as the engine would hand them to the program: its own over those that Pulumi.yaml declares. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

/** Values by key; those of the project's own namespace without it. */
export type StackSettings = Record<string, unknown>;

/**
 * @param root folder with Pulumi.yaml
 * @param config of the stack's file
 */
export async function stackSettings(root: string, config: Record<string, unknown>): Promise<StackSettings> {
  const { name, config: declared } = parse(await readFile(join(root, "Pulumi.yaml"), "utf8")) as {
    name: string;
    config: Record<string, { default?: unknown }>;
  };
  const defaults = Object.entries(declared).flatMap(([key, { default: fallback }]) =>
    fallback === undefined ? [] : [[key, fallback] as const],
  );
  const own = Object.entries(config).map(([key, value]) => [key.replace(`${name}:`, ""), value] as const);
  return Object.fromEntries([...defaults, ...own]);
}
