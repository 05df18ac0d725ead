/** The three deployments whose every call is tried. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One of {@link PARTS}. */
export type PartName = keyof typeof PARTS;

/** A deployment, and what there is before it. */
export interface Part {
  /** In words. */
  what: string;
  /** Keys of the compute environments, as their files are named. More of them repeat the same calls. */
  environments: string[];
  /** Whether a good deployment has gone before. */
  deployed: boolean;
  /** Whether the first compute environment's configuration is another one than at that deployment. */
  changed: boolean;
}

export const PARTS = {
  rotation: {
    ...{ what: "a deployed stack is deployed again", environments: ["cpu", "gpu"] },
    ...{ deployed: true, changed: false },
  },
  first: {
    ...{ what: "a first deployment on an empty world", environments: ["cpu"] },
    ...{ deployed: false, changed: false },
  },
  replacement: {
    ...{ what: "a compute environment's configuration has changed", environments: ["cpu"] },
    ...{ deployed: true, changed: true },
  },
} satisfies Record<string, Part>;

/** Settings of the stack with waits scaled down. One second for a call is too little where several worlds share two cores. */
export function settingsOf(computeEnvironments: string[]): Record<string, unknown> {
  return {
    "AWSMegatests:computeEnvironments": computeEnvironments,
    "AWSMegatests:pollMilliseconds": "500",
    "AWSMegatests:callSeconds": "2",
  };
}

/** The clone's own files. */
export function ownFiles({ environments }: Part): string[] {
  return environments.map((key) => `seqerakit/compute-envs/${key}.yml`);
}

/** Files in a folder of their own, the first environment with room for more. */
export async function changedFiles({ environments }: Part, folder: string): Promise<string[]> {
  await cp("seqerakit/compute-envs", folder, { recursive: true });
  const file = join(folder, `${environments[0]}.json`);
  const before = await readFile(file, "utf8");
  const after = before.replaceAll(/"maxCpus": \d+/g, '"maxCpus": 750');
  if (after === before) throw new Error(`${file} has no maxCpus to change`);
  await writeFile(file, after);
  return environments.map((key) => join(folder, `${key}.yml`));
}
