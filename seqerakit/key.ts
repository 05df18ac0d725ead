import type { local } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { credentialsRequest, type SeqeraArgs, type SeqeraSecrets, type TowerForgeKey } from "./args.ts";
import { command } from "./command.ts";

/** Hands the key to the Platform, in place where there are credentials. */
export function handedKey(
  name: string,
  args: SeqeraArgs,
  { accessKeyId, secretAccessKey }: TowerForgeKey,
  { token }: SeqeraSecrets,
  opts: pulumi.CustomResourceOptions,
): local.Command {
  return command(
    name,
    {
      apply: "credentials",
      remove: "remove-credentials",
      // Credentials of another workspace, or by another name, are others: these are replaced.
      triggers: [args.platformEndpoint, args.organization, args.workspace, args.credentialsName],
      request: credentialsRequest(args),
      secrets: {
        TOWER_ACCESS_TOKEN: token,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
      again: args.handOver ? "the key is handed over again" : args.look.credentials,
    },
    args,
    opts,
  );
}
