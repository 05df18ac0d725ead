import type * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import { fieldReader, type FieldSetting } from "./fields.ts";

export { fieldReader, type FieldSetting, itemOf, type ItemSetting } from "./fields.ts";
export { Missing } from "./onepassword.ts";

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
  const read = fieldReader(args, provider);
  // What a provider's function returns is not secret by itself.
  const field = async (name: FieldSetting) => pulumi.secret(await read(name));
  const [accessKeyId, secretAccessKey, token, workspaceId, githubToken] = await Promise.all([
    field("awsAccessKeyIdField"),
    field("awsSecretAccessKeyField"),
    field("seqeraTokenFields"),
    field("seqeraWorkspaceIdField"),
    args.publishToGithub ? field("githubTokenFields") : pulumi.secret(""),
  ]);
  return {
    aws: { accessKeyId, secretAccessKey },
    seqera: { token, workspaceId },
    github: { token: githubToken },
  };
}
