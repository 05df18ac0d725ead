/** Compute environments' files of a test's own, to be changed in the midst of it. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { E2eWorld } from "./world.ts";

/** Name of the compute environment that the tests change. */
export const CPU = "aws_ireland_fusionv2_nvme_cpu_snapshots";

/** Files that a deployment is made from instead of the project's. */
export interface OwnFiles {
  /** The setting that names them. */
  config: Record<string, string[]>;
  /** Has the compute environment `cpu` be another one. */
  change(maxCpus: number): Promise<void>;
}

/** A copy of the project's. */
export async function ownFiles({ world }: E2eWorld): Promise<OwnFiles> {
  const folder = join(world.folder, "compute-envs");
  await cp("seqerakit/compute-envs", folder, { recursive: true });
  const file = join(folder, "cpu.json");
  return {
    config: {
      "AWSMegatests:computeEnvironments": ["cpu", "gpu", "arm"].map((key) => join(folder, `${key}.yml`)),
    },
    change: async (maxCpus) => {
      const before = await readFile(file, "utf8");
      await writeFile(file, before.replace(/"maxCpus": \d+/, `"maxCpus": ${maxCpus}`));
    },
  };
}
