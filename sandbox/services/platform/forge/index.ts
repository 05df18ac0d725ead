/**
 * Forge: makes and removes what one compute environment consists of in AWS, with the key of its credentials. The calls are
 * those for which the Forge and Launch policies grant rights, each of them a real one. Everything is looked for before it is
 * made, so that work which was cut off is taken up where it ended.
 */
import type { AwsKeys, ComputeEnv } from "../model.ts";
import { openSession, type PlatformAws } from "../session.ts";
import { ForgeFailure, together } from "./answers.ts";
import { makeBatch } from "./batch.ts";
import { removeBatch } from "./batch-disposal.ts";
import { closeClients, makeClients } from "./clients.ts";
import { makeEfs, removeEfs } from "./efs.ts";
import type { Job } from "./job.ts";
import { makeTemplate, removeTemplate } from "./launch-template.ts";
import { makeLustre, removeLustre } from "./lustre.ts";
import { findMachines } from "./machines.ts";
import { namesOf } from "./names.ts";
import { findNetwork } from "./network.ts";
import { makeRoles, removeRoles } from "./roles.ts";

/** A compute environment to work for. */
export interface Commission {
  env: ComputeEnv;
  keys: AwsKeys;
  /** Its resource labels. */
  tags: Record<string, string>;
  /** Ends the work between two calls. */
  signal: AbortSignal;
}

/** What a compute environment's description says of what was made. */
export interface Forged {
  headQueue: string;
  computeQueue: string;
  forgedResources: Record<string, string>[];
}

/**
 * Makes everything. Where a call is refused, what was made until then is removed again, as far as the key's rights go.
 * @throws AWS's error, or ForgeFailure
 */
export async function forge(aws: PlatformAws, commission: Commission): Promise<Forged> {
  return withJob(aws, commission, async (job) => {
    try {
      return await make(job);
    } catch (error) {
      if (!commission.signal.aborted) await remove(job).catch(() => undefined);
      throw error;
    }
  });
}

/**
 * Removes what there is of it; what is gone already is no error.
 * @throws AWS's error, or ForgeFailure
 */
export async function dispose(aws: PlatformAws, commission: Commission): Promise<void> {
  return withJob(aws, commission, remove);
}

async function make(job: Job): Promise<Forged> {
  const { names, forge } = job;
  const [network, machines] = await together([findNetwork(job), findMachines(job)]);
  const [made, template, efs, lustre] = await together([
    makeRoles(job),
    makeTemplate(job, machines),
    forge.efsCreate === true ? makeEfs(job, network) : undefined,
    forge.fsxSize === undefined ? undefined : makeLustre(job, network),
  ]);
  const { head, work } = await makeBatch(job, { network, machines, template, made });
  return {
    headQueue: names.batch("head"),
    computeQueue: names.batch("work"),
    forgedResources: [
      ...Object.values(made.roles).map((IamRole) => ({ IamRole })),
      { Ec2LaunchTemplate: template.id },
      ...(efs === undefined ? [] : [{ EfsFileSystem: efs }]),
      ...(lustre === undefined ? [] : [{ FsxFileSystem: lustre }]),
      ...[head, work].map(({ environment }) => ({ BatchEnv: environment })),
      ...[head, work].map(({ queue }) => ({ BatchQueue: queue })),
    ],
  };
}

/** Batch's own first: without its service role AWS cannot end an environment. The rest hangs together no longer. */
async function remove(job: Job): Promise<void> {
  await removeBatch(job);
  await together([
    removeRoles(job),
    removeTemplate(job),
    job.forge.efsCreate === true ? removeEfs(job) : undefined,
    job.forge.fsxSize === undefined ? undefined : removeLustre(job),
  ]);
}

async function withJob<T>(
  aws: PlatformAws,
  { env, keys, tags, signal }: Commission,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const { forge, region, workDir } = env.config;
  if (forge === undefined) throw new ForgeFailure(`Compute environment ${env.id} brings its own queues`);
  const session = await openSession(aws, keys);
  const clients = makeClients({ session, region, signal });
  const names = namesOf(env.id);
  const buckets = [workDir, ...(forge.allowBuckets ?? [])].map((path) => path.replace(/^s3:\/\//, ""));
  const unique = [...new Set(buckets.map((path) => path.split("/")[0] ?? ""))];
  try {
    return await work({ ...clients, names, forge, buckets: unique, tags: { Name: names.prefix, ...tags } });
  } finally {
    closeClients(clients);
  }
}
