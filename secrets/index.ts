import type * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import { readField } from "./item.ts";
import { openVault } from "./onepassword.ts";

/** Which fields of which items hold the bootstrap credentials. Titles and labels are spelled as in 1Password. */
export interface SecretsArgs {
  onepasswordVault: string;
  awsItem: string;
  awsAccessKeyIdField: string;
  awsSecretAccessKeyField: string;
  seqeraItem: string;
  /** Tried in this order. */
  seqeraTokenFields: string[];
  seqeraWorkspaceIdField: string;
  githubItem: string;
  /** Tried in this order. */
  githubTokenFields: string[];
  /** Whether the GitHub item is needed at all. */
  publishToGithub: boolean;
}

/** The bootstrap credentials. Every field is a secret output from here on. */
export interface Secrets {
  /** The infrastructure's key: makes the AWS resources, is never handed on. */
  aws: { accessKeyId: pulumi.Output<string>; secretAccessKey: pulumi.Output<string> };
  seqera: { token: pulumi.Output<string>; workspaceId: pulumi.Output<string> };
  /** Empty where nothing is published to GitHub. */
  github: { token: pulumi.Output<string> };
}

/**
 * Reads the bootstrap credentials out of 1Password.
 * @throws pulumi.RunError naming vault, item and field of whatever is missing
 */
export async function readSecrets(args: SecretsArgs, provider: onepassword.Provider): Promise<Secrets> {
  const vault = await openVault(args.onepasswordVault, provider);
  const field = async (title: string, ...labels: string[]) => {
    const item = await vault.item(title);
    try {
      // What a provider's function returns is not secret by itself.
      return pulumi.secret(readField(item, { vault: vault.name, item: title, labels }));
    } catch (reason) {
      throw new pulumi.RunError((reason as Error).message);
    }
  };
  const [accessKeyId, secretAccessKey, token, workspaceId, githubToken] = await Promise.all([
    field(args.awsItem, args.awsAccessKeyIdField),
    field(args.awsItem, args.awsSecretAccessKeyField),
    field(args.seqeraItem, ...args.seqeraTokenFields),
    field(args.seqeraItem, args.seqeraWorkspaceIdField),
    args.publishToGithub ? field(args.githubItem, ...args.githubTokenFields) : pulumi.secret(""),
  ]);
  return {
    aws: { accessKeyId, secretAccessKey },
    seqera: { token, workspaceId },
    github: { token: githubToken },
  };
}
