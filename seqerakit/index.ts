import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "./apply/fingerprint.ts";
import { computeEnvironmentResult, credentialsResult } from "./apply/request.ts";
import {
  address,
  computeEnvironmentRequest,
  credentialsRequest,
  type FileArgs,
  manifestsOf,
  type SeqeraArgs,
  type SeqeraSecrets,
  type SeqeraWorkspaceArgs,
  type TowerForgeKey,
} from "./args.ts";
import { command, printed, step } from "./command.ts";
import { pushedHook } from "./pushed.ts";
import { tellRetired, tellStillThere } from "./retired.ts";

export { Fault } from "./apply/fault.ts";
export {
  openWorkspace,
  type PlatformComputeEnv,
  type PlatformCredentials,
  type Workspace,
  workspaceById,
} from "./apply/platform.ts";
export type { PushedKey, SeqeraArgs, SeqeraSecrets, SeqeraWorkspaceArgs, TowerForgeKey } from "./args.ts";
export { heldKeys, releaseCheck } from "./held-keys.ts";
export { neededRights, type NeededRights } from "./needed-rights.ts";
export { lookAtPlatform, type LookArgs, type PlatformLook, whatDiffers } from "./look.ts";
export { goesBy, isRetired } from "./apply/names.ts";

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
  const limit = `${60 * args.callSeconds}s`;
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
    {
      ...opts,
      additionalSecretOutputs: ["environment"],
      customTimeouts: { create: limit, update: limit },
    },
  );
}

/** The credentials on Seqera Platform, and the compute environments that work by them. */
export class SeqeraPlatform extends pulumi.ComponentResource {
  readonly credentialsId: pulumi.Output<string>;
  /** By key of the compute environment's file, e.g. `cpu`. */
  readonly computeEnvironmentIds: Record<string, pulumi.Output<string>>;
  /** By the name its file gives it. */
  readonly computeEnvironmentIdsByName: Record<string, pulumi.Output<string>>;
  /** By name: those that earlier deployments have replaced, and that are still there. */
  readonly retiredComputeEnvironmentIds: pulumi.Output<Record<string, string>>;

  constructor(
    name: string,
    args: SeqeraArgs,
    accessKey: TowerForgeKey,
    secrets: SeqeraSecrets,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("AWSMegatests:seqerakit:SeqeraPlatform", name, {}, opts);
    const { token, workspaceId } = secrets;
    const manifests = manifestsOf(args);
    // Credentials and compute environments of another workspace, or by another name, are others: these are replaced.
    const place = [args.platformEndpoint, args.organization, args.workspace, args.credentialsName];

    const pushed = pushedHook(`${name}-pushed`, args.afterPush);
    const credentials = command(
      `${name}-credentials`,
      {
        apply: "credentials",
        remove: "remove-credentials",
        triggers: place,
        request: credentialsRequest(args),
        secrets: {
          TOWER_ACCESS_TOKEN: token,
          AWS_ACCESS_KEY_ID: accessKey.accessKeyId,
          AWS_SECRET_ACCESS_KEY: accessKey.secretAccessKey,
        },
        again: args.handOver ? "the key is handed over again" : args.look.credentials,
      },
      args,
      { parent: this, hooks: { afterCreate: [pushed], afterUpdate: [pushed] } },
    );
    const document = printed(credentials, `${name}-credentials`, credentialsResult);
    document.apply(({ retired }) => tellStillThere(retired));
    this.credentialsId = document.credentialsId;
    this.retiredComputeEnvironmentIds = document.retired.apply((retired) =>
      Object.fromEntries(Object.entries(retired).map(([each, { id }]) => [each, id])),
    );

    const retired = tellRetired(`${name}-retired`, args, secrets);
    this.computeEnvironmentIds = Object.fromEntries(
      manifests.map(({ key, spec }) => {
        const made = command(
          `${name}-${key}`,
          {
            apply: "compute-env",
            remove: "remove-compute-env",
            // Of what describes it, this alone cannot be edited on the Platform.
            triggers: [...place, fingerprint([spec.config, spec.labels])],
            request: computeEnvironmentRequest(spec, args),
            secrets: { TOWER_ACCESS_TOKEN: token, WORKSPACE_ID: workspaceId },
            again: args.look.computeEnvs[key],
          },
          args,
          // Not by the credentials' id, which a preview of a rotation does not know: it would show changes that never come.
          { parent: this, dependsOn: credentials, hooks: { afterDelete: [retired] } },
        );
        const { computeEnvironmentId } = printed(made, `${name}-${key}`, computeEnvironmentResult);
        return [key, computeEnvironmentId];
      }),
    );
    this.computeEnvironmentIdsByName = Object.fromEntries(
      manifests.map(({ key, spec }) => [spec.name, this.computeEnvironmentIds[key]!]),
    );
    this.registerOutputs({});
  }
}
