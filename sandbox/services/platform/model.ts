/** What the imitated Platform remembers, and how its answers show it (names as in Seqera's API). */
import { randomInt } from "node:crypto";
import type { ForgeConfig } from "./bodies.ts";

/** Health of credentials, decided by the last probe that reached AWS. */
export type CredentialsStatus = "AVAILABLE" | "INVALID";

/** Where a compute environment is in its life. */
export type ComputeEnvStatus =
  "CREATING" | "AVAILABLE" | "DISABLED" | "DELETING" | "ERRORED" | "INVALID" | "DELETED";

/** Keys as held; `secretKey` never leaves in an answer. */
export interface AwsKeys {
  discriminator: "aws";
  accessKey?: string;
  secretKey?: string;
  assumeRoleArn?: string;
  externalId?: string;
  mode?: "keys" | "role";
}

/** Stored credentials. */
export interface Credentials {
  id: string;
  /** Undefined in the user's own context. */
  workspaceId?: number;
  name: string;
  description?: string;
  provider: "aws";
  keys: AwsKeys;
  status: CredentialsStatus;
  message?: string;
  dateCreated: string;
  lastUpdated: string;
  lastUsed?: string;
  lastValidated?: string;
}

/** What this program reads of an AWS Batch configuration; the rest is kept and given back as it came. */
export interface AwsBatchConfig {
  discriminator: "aws-batch";
  region: string;
  workDir: string;
  /** Absent where the environment brings its own queues. */
  forge?: ForgeConfig;
  [other: string]: unknown;
}

/** A stored compute environment. */
export interface ComputeEnv {
  id: string;
  workspaceId?: number;
  name: string;
  description?: string;
  platform: "aws-batch";
  credentialsId: string;
  config: AwsBatchConfig;
  labelIds: number[];
  status: ComputeEnvStatus;
  message?: string;
  primary: boolean;
  dateCreated: string;
  lastUpdated: string;
  lastUsed?: string;
}

/** A label; resource labels have a value. */
export interface Label {
  id: number;
  workspaceId?: number;
  name: string;
  value?: string;
  resource: boolean;
  isDefault: boolean;
}

/** A pipeline run on a compute environment. */
export interface Run {
  id: string;
  workspaceId?: number;
  runName: string;
  computeEnvId: string;
  status: "SUBMITTED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "UNKNOWN";
  dateCreated: string;
}

/** What a test or an operator wants to happen when an environment of a certain name is created. */
export interface ComputeEnvPlan {
  /** How long it stays CREATING. @default the service's `creationMilliseconds` */
  creationMilliseconds?: number;
  /** It ends ERRORED with this text as its `message`. @default it ends as AWS decides */
  erroredReason?: string;
}

/** The whole state; plain JSON. */
export interface PlatformState {
  credentials: Credentials[];
  computeEnvs: ComputeEnv[];
  labels: Label[];
  runs: Run[];
  plans: Record<string, ComputeEnvPlan>;
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** An id of the Platform's kind: 22 letters and digits. */
export function newId(): string {
  return Array.from({ length: 22 }, () => BASE62[randomInt(62)]).join("");
}

/** Now, as the API writes times. */
export function now(): string {
  return new Date().toISOString();
}

/** Credentials as the API shows them: everything but the secret. */
export function showCredentials(credentials: Credentials): object {
  const { workspaceId: _context, keys, ...rest } = credentials;
  const { secretKey: _secret, ...visible } = keys;
  return { ...rest, keys: visible, deleted: false };
}

/** A label as the API shows it. */
export function showLabel(label: Label): object {
  const { workspaceId: _context, ...rest } = label;
  return rest;
}

/** Runs that still need their compute environment. */
export function isActive(run: Run): boolean {
  return run.status === "SUBMITTED" || run.status === "RUNNING";
}
