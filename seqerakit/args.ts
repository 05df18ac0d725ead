import * as pulumi from "@pulumi/pulumi";
import type {
  ComputeEnvironmentRequest,
  ComputeEnvironmentSpec,
  CredentialsRequest,
  PlatformAddress,
  RoleRequest,
} from "./apply/request.ts";
import type { PlatformLook } from "./look.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { type NameArgs, nameOfCredentials, otherName } from "./names.ts";

/** The workspace on Seqera Platform, and how long an answer is waited for. */
export interface SeqeraWorkspaceArgs {
  /** Base URL of the Platform's API. */
  platformEndpoint: string;
  organization: string;
  workspace: string;
  /** How long one call of the Platform may stay unanswered, in seconds; a tool that makes several is given more. */
  callSeconds: number;
}

/** What every step needs besides its own request. */
export interface SeqeraSecrets {
  token: pulumi.Output<string>;
  /** The workspace's id as 1Password has it. */
  workspaceId: pulumi.Output<string>;
}

/** What the compute environments' files are checked against. */
export interface FileArgs {
  /** Paths of the compute environments' seqerakit files. */
  computeEnvironments: string[];
  /** Region of the compute environments. */
  region: string;
  /** The work bucket: every compute environment's work directory lies in it. */
  bucket: string;
}

/** The credentials and the compute environments. */
export interface SeqeraArgs extends SeqeraWorkspaceArgs, FileArgs, NameArgs {
  /** ARN of the principal that the role trusts: another one is proven. */
  seqeraPrincipal: string;
  awsEndpoints: CredentialsRequest["awsEndpoints"];
  /** How long AWS may take to know a new key, or a new role, everywhere, in seconds. */
  keyProbeSeconds: number;
  /** How long a compute environment may take to be made or removed, in seconds. */
  computeEnvironmentSeconds: number;
  pollMilliseconds: number;
  /** The key is handed over and proven again, whatever the state says: the Platform may hold another one. */
  handOver: boolean;
  /** What a look at the Platform has found that the state does not know. */
  look: PlatformLook;
  /** Called once the Platform is proven to work with a key, or by the role: then without one. */
  afterPush: (pushed?: PushedKey) => Promise<void>;
}

/** The key that the Platform holds now, and the one it held after the deployment before. */
export interface PushedKey {
  accessKeyId: string;
  formerAccessKeyId: string | undefined;
}

/** The access key that the Platform is to hold. */
export interface TowerForgeKey {
  accessKeyId: pulumi.Input<string>;
  secretAccessKey: pulumi.Input<string>;
}

/** Credentials on the Platform that name a role, before it exists, and what the Platform asks the role to know them by. */
export interface RoleOffer {
  roleArn: string;
  credentialsId: pulumi.Output<string>;
  externalId: pulumi.Output<string>;
}

/** The role that the Platform is to assume. */
export interface TowerForgeRole {
  offer: RoleOffer;
  /** What must be there before it is tried: the role with its policies. */
  after: pulumi.Resource[];
}

/** Where the Platform is, in the form the steps are told. */
export function address(args: SeqeraWorkspaceArgs): PlatformAddress {
  const { platformEndpoint: endpoint, organization, workspace, callSeconds } = args;
  return { endpoint, organization, workspace, callSeconds };
}

/** What the steps on credentials that hold a key are told. */
export function credentialsRequest(args: SeqeraArgs): CredentialsRequest {
  const { region, bucket, awsEndpoints } = args;
  return { ...anyCredentialsRequest(args), ...{ region, bucket, awsEndpoints } };
}

/** What the steps on credentials that assume a role are told. */
export function roleRequest(args: SeqeraArgs, roleArn: string): RoleRequest {
  return { ...anyCredentialsRequest(args), roleArn };
}

function anyCredentialsRequest(args: SeqeraArgs) {
  const { keyProbeSeconds, computeEnvironmentSeconds, pollMilliseconds } = args;
  return {
    platform: address(args),
    ...{ credentialsName: nameOfCredentials(args), otherName: otherName(args) },
    ...{ keyProbeSeconds, computeEnvironmentSeconds, pollMilliseconds },
  };
}

/** What a compute environment's steps are told. */
export function computeEnvironmentRequest(
  spec: ComputeEnvironmentSpec,
  args: SeqeraArgs,
): ComputeEnvironmentRequest {
  const { computeEnvironmentSeconds, pollMilliseconds } = args;
  const credentialsName = nameOfCredentials(args);
  return { platform: address(args), credentialsName, spec, computeEnvironmentSeconds, pollMilliseconds };
}

/** @throws pulumi.RunError when a file cannot be used */
export function manifestsOf(args: FileArgs): Manifest[] {
  try {
    const manifests = args.computeEnvironments.map((path) => readManifest(path, args));
    onlyOnePrimary(manifests);
    return manifests;
  } catch (reason) {
    throw new pulumi.RunError((reason as Error).message);
  }
}

function onlyOnePrimary(manifests: Manifest[]): void {
  const primary = manifests.filter(({ spec }) => spec.primary).map(({ key }) => `${key}.yml`);
  if (primary.length > 1)
    throw new Error(
      [
        `Several compute environments are to be the primary one of the workspace.`,
        `  got:     primary: true in ${primary.join(", ")}`,
        `  allowed: primary: true in one file at most`,
        `  mend:    edit the files`,
      ].join("\n"),
    );
}

/** The value of an output that is known, as all are that come from 1Password. */
export function valueOf(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => void output.apply((value) => resolve(value)));
}
