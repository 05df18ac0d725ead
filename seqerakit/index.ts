import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "./apply/fingerprint.ts";
import { computeEnvironmentResult, provenResult } from "./apply/request.ts";
import {
  address,
  computeEnvironmentRequest,
  type FileArgs,
  manifestsOf,
  type SeqeraArgs,
  type SeqeraSecrets,
  type SeqeraWorkspaceArgs,
  type TowerForgeKey,
  type TowerForgeRole,
} from "./args.ts";
import { command, printed, step } from "./command.ts";
import { handedKey } from "./key.ts";
import { pushedHook } from "./pushed.ts";
import { tellRetired, tellStillThere } from "./retired.ts";
import { provenRole } from "./role.ts";

export {
  openWorkspace,
  type PlatformComputeEnv,
  type PlatformCredentials,
  type Workspace,
  workspaceById,
} from "./apply/platform.ts";
export type {
  PushedKey,
  SeqeraArgs,
  SeqeraSecrets,
  SeqeraWorkspaceArgs,
  TowerForgeKey,
  TowerForgeRole,
} from "./args.ts";
export { heldKeys, releaseCheck } from "./held-keys.ts";
export { neededRights, type NeededRights } from "./needed-rights.ts";
export { lookAtPlatform, type LookArgs, type PlatformLook, whatDiffers } from "./look.ts";
export { offerRole } from "./role.ts";
export { nameOfCredentials } from "./names.ts";
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
    access: TowerForgeKey | TowerForgeRole,
    secrets: SeqeraSecrets,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("AWSMegatests:seqerakit:SeqeraPlatform", name, {}, opts);
    const { token, workspaceId } = secrets;
    const manifests = manifestsOf(args);
    // Credentials and compute environments of another workspace, or by another name, are others: these are replaced.
    const place = [args.platformEndpoint, args.organization, args.workspace, args.credentialsName];

    const pushed = pushedHook(`${name}-pushed`, args.afterPush);
    const hooked = { parent: this, hooks: { afterCreate: [pushed], afterUpdate: [pushed] } };
    // Each mode's credentials have a name of their own here too: of a change of it both are made, then one is removed.
    const credentials =
      "offer" in access
        ? provenRole(`${name}-role-credentials`, args, access, secrets, hooked)
        : handedKey(`${name}-credentials`, args, access, secrets, hooked);
    const document = printed(credentials, `${name}-credentials`, provenResult);
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
