import type { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { roleOfferResult } from "./apply/request.ts";
import {
  type RoleOffer,
  roleRequest,
  type SeqeraArgs,
  type SeqeraSecrets,
  type TowerForgeRole,
} from "./args.ts";
import { command, printed } from "./command.ts";
import { nameOfCredentials } from "./names.ts";

/** What both commands have in common. */
function commandArgs(args: SeqeraArgs, roleArn: string) {
  const place = [args.platformEndpoint, args.organization, args.workspace, nameOfCredentials(args), roleArn];
  return { remove: "remove-credentials", triggers: place, request: roleRequest(args, roleArn) };
}

/**
 * Has the Platform make the credentials first: only it can make up the external id that the role then trusts.
 * @returns undefined where the Platform is to hold a key
 */
export function offerRole(
  args: SeqeraArgs,
  { token }: SeqeraSecrets,
  opts: pulumi.CustomResourceOptions,
): RoleOffer | undefined {
  const { roleArn } = args;
  if (roleArn === undefined) return undefined;
  const made = command(
    "seqera-role",
    {
      ...commandArgs(args, roleArn),
      apply: "offer-role",
      secrets: { TOWER_ACCESS_TOKEN: token },
      again: args.look.credentials,
      discreet: true,
    },
    args,
    opts,
  );
  const { credentialsId, externalId } = printed(made, "seqera-role", roleOfferResult);
  return { roleArn, credentialsId, externalId: pulumi.secret(externalId) };
}

/**
 * Has the Platform assume the role, now that it is there. Whatever works by the credentials comes after this; so it is
 * this command's removal that takes the credentials away, before the role goes.
 */
export function provenRole(
  name: string,
  args: SeqeraArgs,
  { offer: { roleArn, credentialsId, externalId }, after }: TowerForgeRole,
  { token }: SeqeraSecrets,
  opts: pulumi.CustomResourceOptions,
): local.Command {
  return command(
    name,
    {
      ...commandArgs(args, roleArn),
      apply: "prove-role",
      secrets: {
        TOWER_ACCESS_TOKEN: token,
        CREDENTIALS_ID: credentialsId,
        EXTERNAL_ID: externalId,
        // Not read: a change of it runs the step again.
        TRUSTED: args.seqeraPrincipal,
      },
      again: args.handOver ? "the role is tried again" : args.look.credentials,
    },
    args,
    { ...opts, dependsOn: after },
  );
}
