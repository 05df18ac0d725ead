import { z } from "zod";

const milliseconds = z.number().int().positive();
const seconds = z.number().int().positive();
const name = z.string().min(1);

/** Where on Seqera Platform something is, and how long an answer is waited for. */
export const platformAddress = z.strictObject({
  /** Base URL of the API. */
  endpoint: z.string(),
  organization: name,
  workspace: name,
  /** How long one call may stay unanswered. @default 60: a state may hold the request of an older deployment */
  callSeconds: seconds.optional(),
});
export type PlatformAddress = z.infer<typeof platformAddress>;

/** How long one call may stay unanswered. */
export function callSecondsOf({ callSeconds = 60 }: PlatformAddress): number {
  return callSeconds;
}

const awsEndpoints = z.partialRecord(z.enum(["iam", "s3", "sts", "batch"]), z.string());

/** Nothing is changed: the tools are there, the token works, the workspace is the one meant. */
export const preflightRequest = z.strictObject({ platform: platformAddress });
export type PreflightRequest = z.infer<typeof preflightRequest>;

/** The credentials are to hold the access key that comes by environment. */
export const credentialsRequest = z.strictObject({
  platform: platformAddress,
  credentialsName: name,
  region: name,
  bucket: name,
  awsEndpoints,
  keyProbeSeconds: seconds,
  computeEnvironmentSeconds: seconds,
  pollMilliseconds: milliseconds,
});
export type CredentialsRequest = z.infer<typeof credentialsRequest>;

/** A compute environment as its files describe it. An older one in a state may have other fields. */
export const computeEnvironmentSpec = z.object({
  /** Its name on the Platform. */
  name,
  /** @default what the Platform has stays */
  description: z.string().optional(),
  /** Whether the workspace launches on it by default. False leaves that as it is: the API cannot take it back. */
  primary: z.boolean().default(false),
  /** Resource labels, each `name=value`. */
  labels: z.array(name).default([]),
  /** AWS Batch configuration with `nextflowConfig`, as the Platform's API takes it. */
  config: z.record(z.string(), z.unknown()),
});
export type ComputeEnvironmentSpec = z.infer<typeof computeEnvironmentSpec>;

/** The compute environment is to exist and be AVAILABLE. */
export const computeEnvironmentRequest = z.strictObject({
  platform: platformAddress,
  credentialsName: name,
  spec: computeEnvironmentSpec,
  computeEnvironmentSeconds: seconds,
  pollMilliseconds: milliseconds,
});
export type ComputeEnvironmentRequest = z.infer<typeof computeEnvironmentRequest>;

/** The access key is to be in no credentials of the workspace any more, and the stack's own are to work without it. */
export const releaseRequest = z.strictObject({
  platform: platformAddress,
  credentialsName: name,
  accessKeyId: name,
  pollMilliseconds: milliseconds,
});
export type ReleaseRequest = z.infer<typeof releaseRequest>;

/** What a step prints when it ends well: one JSON document, nothing of it secret. */
export const preflightResult = z.strictObject({ workspaceId: z.number().int() });
export const credentialsResult = z.strictObject({
  credentialsId: name,
  accessKeyId: name,
  status: z.literal("AVAILABLE"),
  /** How many compute environments were proven to work with the key. */
  validated: z.number().int(),
  /** By name: compute environments that were replaced, and why each is still there. */
  retired: z.record(z.string(), z.strictObject({ id: name, because: z.string() })).default({}),
});
export const computeEnvironmentResult = z.strictObject({
  computeEnvironmentId: name,
  name,
  status: z.literal("AVAILABLE"),
  /** What its description on the Platform ends in, where a command has taken over what another one had made. */
  mark: z.string().optional(),
});
export type CredentialsResult = z.infer<typeof credentialsResult>;
export type ComputeEnvironmentResult = z.infer<typeof computeEnvironmentResult>;
