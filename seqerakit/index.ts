import { AsyncResource } from "node:async_hooks";
import { createHash } from "node:crypto";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { openWorkspace } from "./apply/platform.ts";
import { release } from "./apply/release.ts";
import {
  type ComputeEnvironmentRequest,
  computeEnvironmentResult,
  type CredentialsRequest,
  credentialsResult,
  type PlatformAddress,
} from "./apply/request.ts";
import type { z } from "zod";
import { readManifest } from "./manifest.ts";

export { Fault } from "./apply/fault.ts";
export { openWorkspace, type Workspace } from "./apply/platform.ts";
export { heldKeys } from "./held-keys.ts";

/** The workspace on Seqera Platform, and who asks. */
export interface SeqeraWorkspaceArgs {
  /** Base URL of the Platform's API. */
  platformEndpoint: string;
  organization: string;
  workspace: string;
}

/** What every step needs besides its own request. */
export interface SeqeraSecrets {
  token: pulumi.Output<string>;
  /** The workspace's id as 1Password has it. */
  workspaceId: pulumi.Output<string>;
}

/** The credentials and the compute environments. */
export interface SeqeraArgs extends SeqeraWorkspaceArgs {
  credentialsName: string;
  /** Region of the compute environments. */
  region: string;
  /** The work bucket: every compute environment's work directory lies in it. */
  bucket: string;
  awsEndpoints: CredentialsRequest["awsEndpoints"];
  /** Paths of the compute environments' seqerakit files. */
  computeEnvironments: string[];
  /** How long AWS may take to know a new key everywhere, in seconds. */
  keyProbeSeconds: number;
  /** How long a compute environment may take to be made or removed, in seconds. */
  computeEnvironmentSeconds: number;
  pollMilliseconds: number;
  /** The key is handed over and proven again, whatever the state says: the Platform may hold another one. */
  handOver: boolean;
  /** Called once the Platform is proven to work with a key. */
  afterPush: (pushed: PushedKey) => Promise<void>;
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

/** Runs in the project's folder; Node is the one on PATH, so that the text is the same on every machine. */
const step = (verb: string) => `node seqerakit/apply/main.ts ${verb}`;

/** What the compute environments' files are checked against. */
type FileArgs = Pick<SeqeraArgs, "computeEnvironments" | "region" | "bucket">;

/**
 * Checks the compute environments' files at once, and tools, token and workspace before a key is made.
 * @param occasion a value that is new whenever a key is about to be renewed
 */
export function preflight(
  args: SeqeraWorkspaceArgs & FileArgs,
  secrets: SeqeraSecrets,
  occasion: string,
  opts: pulumi.CustomResourceOptions,
): local.Command {
  manifestsOf(args);
  return new local.Command(
    "seqera-preflight",
    {
      create: step("preflight"),
      update: step("preflight"),
      environment: {
        MEGATESTS_REQUEST: JSON.stringify({ platform: address(args) }),
        TOWER_ACCESS_TOKEN: secrets.token,
        WORKSPACE_ID: secrets.workspaceId,
        OCCASION: occasion,
      },
      logging: "none",
    },
    { ...opts, additionalSecretOutputs: ["environment"] },
  );
}

/** Throws while any credentials of the workspace hold the access key. */
export function releaseCheck(args: SeqeraWorkspaceArgs, { token }: SeqeraSecrets) {
  return async (accessKeyId: string): Promise<void> => {
    const value = await new Promise<string>((resolve) => token.apply(resolve));
    const platform = address(args);
    await release({ platform, accessKeyId }, await openWorkspace(platform, value));
  };
}

/** The credentials on Seqera Platform, and the compute environments that work by them. */
export class SeqeraPlatform extends pulumi.ComponentResource {
  readonly credentialsId: pulumi.Output<string>;
  /** By key of the compute environment's file, e.g. `cpu`. */
  readonly computeEnvironmentIds: Record<string, pulumi.Output<string>>;
  /** By the name its file gives it. */
  readonly computeEnvironmentIdsByName: Record<string, pulumi.Output<string>>;

  constructor(
    name: string,
    args: SeqeraArgs,
    accessKey: TowerForgeKey,
    { token, workspaceId }: SeqeraSecrets,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("AWSMegatests:seqerakit:SeqeraPlatform", name, {}, opts);
    const manifests = manifestsOf(args);
    // Credentials and compute environments of another workspace, or by another name, are others: these are replaced.
    const place = [args.platformEndpoint, args.organization, args.workspace, args.credentialsName];

    // A hook is called from outside the program: bound, what it calls knows which deployment it belongs to.
    const afterPush = AsyncResource.bind(args.afterPush);
    const pushed = new pulumi.ResourceHook(`${name}-pushed`, async ({ newOutputs, oldOutputs }) => {
      const keyOf = (outputs: Record<string, unknown> | undefined) =>
        typeof outputs?.["stdout"] === "string"
          ? credentialsResult.safeParse(JSON.parse(outputs["stdout"])).data?.accessKeyId
          : undefined;
      const accessKeyId = keyOf(newOutputs);
      if (accessKeyId) await afterPush({ accessKeyId, formerAccessKeyId: keyOf(oldOutputs) });
    });
    const credentials = command(
      `${name}-credentials`,
      {
        apply: "credentials",
        remove: "remove-credentials",
        triggers: place,
        request: credentialsRequest(args),
      },
      {
        TOWER_ACCESS_TOKEN: token,
        AWS_ACCESS_KEY_ID: accessKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: accessKey.secretAccessKey,
        // A new value runs the step again; the old one stays where that is not called for.
        HANDED_OVER_AGAIN: args.handOver ? new Date().toISOString() : "",
      },
      {
        parent: this,
        ignoreChanges: args.handOver ? [] : ["environment.HANDED_OVER_AGAIN"],
        hooks: { afterCreate: [pushed], afterUpdate: [pushed] },
      },
    );
    this.credentialsId = printed(credentials, `${name}-credentials`, credentialsResult).credentialsId;

    this.computeEnvironmentIds = Object.fromEntries(
      manifests.map((manifest) => {
        const request = computeEnvironmentRequest(manifest.spec, args);
        const made = command(
          `${name}-${manifest.key}`,
          {
            apply: "compute-env",
            remove: "remove-compute-env",
            triggers: [...place, hash(manifest.spec)],
            request,
          },
          { TOWER_ACCESS_TOKEN: token, WORKSPACE_ID: workspaceId },
          // Not by the credentials' id, which a preview of a rotation does not know: it would show changes that never come.
          { parent: this, dependsOn: credentials },
        );
        return [
          manifest.key,
          printed(made, `${name}-${manifest.key}`, computeEnvironmentResult).computeEnvironmentId,
        ];
      }),
    );
    this.computeEnvironmentIdsByName = Object.fromEntries(
      manifests.map(({ key, spec }) => [spec.name, this.computeEnvironmentIds[key]!]),
    );
    this.registerOutputs({});
  }
}

/** A step that is run again, in place, when what it is told changes, and replaced when a trigger does. */
function command(
  name: string,
  {
    apply,
    remove,
    triggers,
    request,
  }: { apply: string; remove: string; triggers: string[]; request: unknown },
  secrets: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): local.Command {
  return new local.Command(
    name,
    {
      create: step(apply),
      update: step(apply),
      delete: step(remove),
      triggers,
      environment: { MEGATESTS_REQUEST: JSON.stringify(request), ...secrets },
      // What a step prints is for the state; what goes wrong is printed all the same.
      logging: "none",
    },
    { ...opts, additionalSecretOutputs: ["environment"] },
  );
}

/** The document a step has printed; a preview of a step that will run does not know it yet. */
function printed<T>({ stdout }: local.Command, name: string, shape: z.ZodType<T>): pulumi.Output<T> {
  return stdout.apply((text) => {
    try {
      return shape.parse(JSON.parse(text));
    } catch {
      throw new pulumi.RunError(
        [
          `The state has no usable document of the command ${name}.`,
          `  allowed: the JSON document that its step prints`,
          `  mend:    pulumi stack import --file STATE, with a state exported before this one`,
        ].join("\n"),
      );
    }
  });
}

function manifestsOf(args: FileArgs) {
  try {
    return args.computeEnvironments.map((path) => readManifest(path, args));
  } catch (reason) {
    throw new pulumi.RunError((reason as Error).message);
  }
}

function address({ platformEndpoint, organization, workspace }: SeqeraWorkspaceArgs): PlatformAddress {
  return { endpoint: platformEndpoint, organization, workspace };
}

function credentialsRequest(args: SeqeraArgs): CredentialsRequest {
  const { credentialsName, region, bucket, awsEndpoints } = args;
  const { keyProbeSeconds, computeEnvironmentSeconds, pollMilliseconds } = args;
  return {
    platform: address(args),
    credentialsName,
    region,
    bucket,
    awsEndpoints,
    keyProbeSeconds,
    computeEnvironmentSeconds,
    pollMilliseconds,
  };
}

function computeEnvironmentRequest(
  spec: ComputeEnvironmentRequest["spec"],
  args: SeqeraArgs,
): ComputeEnvironmentRequest {
  const { credentialsName, computeEnvironmentSeconds, pollMilliseconds } = args;
  return { platform: address(args), credentialsName, spec, computeEnvironmentSeconds, pollMilliseconds };
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
