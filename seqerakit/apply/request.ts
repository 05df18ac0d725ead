import { z } from "zod";

const milliseconds = z.number().int().positive();
const seconds = z.number().int().positive();
const name = z.string().min(1);

/** Where on Seqera Platform something is. */
export const platformAddress = z.strictObject({
  /** Base URL of the API. */
  endpoint: z.string(),
  organization: name,
  workspace: name,
});
export type PlatformAddress = z.infer<typeof platformAddress>;

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

/** What makes two compute environments the same one. */
export const computeEnvironmentSpec = z.strictObject({
  /** Its name on the Platform. */
  name,
  /** Other settings of seqerakit's entry, e.g. `primary`. */
  entry: z.record(z.string(), z.unknown()),
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

/** The access key is to be in no credentials of the workspace any more. */
export const releaseRequest = z.strictObject({ platform: platformAddress, accessKeyId: name });
export type ReleaseRequest = z.infer<typeof releaseRequest>;

/** What a step prints when it ends well: one JSON document, nothing of it secret. */
export const preflightResult = z.strictObject({ workspaceId: z.number().int() });
export const credentialsResult = z.strictObject({
  credentialsId: name,
  accessKeyId: name,
  status: z.literal("AVAILABLE"),
  /** How many compute environments were proven to work with the key. */
  validated: z.number().int(),
});
export const computeEnvironmentResult = z.strictObject({
  computeEnvironmentId: name,
  name,
  status: z.literal("AVAILABLE"),
});
export type CredentialsResult = z.infer<typeof credentialsResult>;
export type ComputeEnvironmentResult = z.infer<typeof computeEnvironmentResult>;
