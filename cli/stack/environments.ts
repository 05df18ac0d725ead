/** The compute environments that the stack's files describe. */
import { basename, resolve } from "node:path";
import type { StackConfig } from "../../config.ts";
import { type Manifest, readManifest } from "../../seqerakit/manifest.ts";

/** The program stands here: paths in its settings begin here. */
const ROOT = resolve(import.meta.dirname, "../..");

/** The same settings with paths that hold wherever the command was typed. */
export function withWholePaths<T extends Pick<StackConfig, "computeEnvironments">>(config: T): T {
  return { ...config, computeEnvironments: config.computeEnvironments.map((path) => resolve(ROOT, path)) };
}

/** @throws Error when a file cannot be used */
export function manifestsOf(config: StackConfig): Manifest[] {
  return withWholePaths(config).computeEnvironments.map((path) => readManifest(path, config));
}

/** `cpu` of `seqerakit/compute-envs/cpu.yml`. */
export function keyOf(path: string): string {
  return basename(path, ".yml");
}
