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
  /** What the stack's credentials are called in the other mode. @default none: a state may hold an older request */
  otherName: name.optional(),
  region: name,
  bucket: name,
  awsEndpoints,
  keyProbeSeconds: seconds,
  computeEnvironmentSeconds: seconds,
  pollMilliseconds: milliseconds,
});
export type CredentialsRequest = z.infer<typeof credentialsRequest>;

/** The credentials are to have the Platform assume the role, by an external id of the Platform's own. */
export const roleRequest = z.strictObject({
  platform: platformAddress,
  credentialsName: name,
  /** What the stack's credentials are called in the other mode. */
  otherName: name,
  /** The role need not exist yet. */
  roleArn: name,
  keyProbeSeconds: seconds,
  computeEnvironmentSeconds: seconds,
  pollMilliseconds: milliseconds,
});
export type RoleRequest = z.infer<typeof roleRequest>;

/** How long a removal of credentials is waited for: all that it needs of the request it was made by. */
export const removalRequest = z.object({
  platform: platformAddress,
  computeEnvironmentSeconds: seconds,
  pollMilliseconds: milliseconds,
});

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

/**
 * The access key, or the role, is to be in no credentials of the workspace any more, and the stack's own are to work
 * without it.
 */
export const releaseRequest = z.strictObject({
  platform: platformAddress,
  credentialsName: name,
  held: z.union([z.strictObject({ accessKeyId: name }), z.strictObject({ roleArn: name })]),
  pollMilliseconds: milliseconds,
});
export type ReleaseRequest = z.infer<typeof releaseRequest>;

/** What a step prints when it ends well: one JSON document, nothing of it secret. */
export const preflightResult = z.strictObject({ workspaceId: z.number().int() });
const proven = {
  credentialsId: name,
  status: z.literal("AVAILABLE"),
  /** How many compute environments were proven to work by them. */
  validated: z.number().int(),
  /** By name: compute environments that were replaced, and why each is still there. */
  retired: z.record(z.string(), z.strictObject({ id: name, because: z.string() })).default({}),
};
export const credentialsResult = z.strictObject({ ...proven, accessKeyId: name });
/** The external id is no secret to AWS, and shown to whoever may read the role; it is not for logs all the same. */
export const roleOfferResult = z.strictObject({ credentialsId: name, externalId: name });
export const roleResult = z.strictObject({ ...proven, roleArn: name });
/** What both say of credentials that were proven. */
export const provenResult = z.object(proven);
/** Whichever step of the stack's on credentials has printed it. */
export const ownedResult = z.object({ credentialsId: name });
export const computeEnvironmentResult = z.strictObject({
  computeEnvironmentId: name,
  name,
  status: z.literal("AVAILABLE"),
  /** What its description on the Platform ends in, where a command has taken over what another one had made. */
  mark: z.string().optional(),
});
export type CredentialsResult = z.infer<typeof credentialsResult>;
export type RoleOfferResult = z.infer<typeof roleOfferResult>;
export type RoleResult = z.infer<typeof roleResult>;
export type ComputeEnvironmentResult = z.infer<typeof computeEnvironmentResult>;
