/** What there is after a cell, asked of the services past their APIs, and of the stack's state as it lies on the disk. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { STACK } from "../../sandbox/world.ts";
import type { Grounds } from "../e2e/grounds.ts";

const USER = "TowerForge-AWSMegatests";

const STATE = z.object({
  checkpoint: z.object({
    latest: z.object({
      resources: z
        .array(
          z.object({
            type: z.string(),
            id: z.string().optional(),
            outputs: z.record(z.string(), z.unknown()).default({}),
          }),
        )
        .default([]),
      pending_operations: z.array(z.unknown()).nullish(),
    }),
  }),
});

/** Plain data; nothing in it is secret. */
export interface Holdings {
  /** Ids of the user's access keys in AWS. */
  keys: string[];
  /** Ids of the access keys in the state, those included that wait for their deletion. */
  stateKeys: string[];
  /** How many operations the state has begun and not ended. */
  pending: number;
  /** The stack's output. */
  outputKey: unknown;
  /** The Platform's credentials. */
  credentials: { id: string; accessKeyId: string }[];
  computeEnvs: { id: string; name: string; status: string; message?: string; credentialsId: string }[];
  /** GitHub's variables. */
  variables: Record<string, string>;
}

/** Reads all of it. */
export async function holdingsOf({ fleet, world }: Grounds): Promise<Holdings> {
  const file = join(world.state, ".pulumi/stacks/AWSMegatests", `${STACK}.json`);
  const { resources, pending_operations: pending } = STATE.parse(JSON.parse(await readFile(file, "utf8")))
    .checkpoint.latest;
  const keys = await fleet.aws.keys(USER).catch((error: Error) => {
    if (error.name !== "NoSuchEntityException") throw error;
    return [];
  });
  return {
    keys: keys.map(({ AccessKeyId = "" }) => AccessKeyId),
    stateKeys: resources
      .filter(({ type }) => type === "aws:iam/accessKey:AccessKey")
      .map(({ id = "" }) => id),
    pending: pending?.length ?? 0,
    outputKey: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs["accessKeyId"],
    credentials: fleet.platform.heldKeys().map(({ credentialsId: id, accessKeyId }) => ({ id, accessKeyId })),
    computeEnvs: fleet.platform.computeEnvs().filter(({ status }) => status !== "DELETED"),
    variables: Object.fromEntries(
      Object.entries(fleet.github.variables()).map(([name, { value }]) => [name, value]),
    ),
  };
}
