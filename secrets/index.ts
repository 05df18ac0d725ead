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

type FieldSetting = Extract<keyof SecretsArgs, `${string}Field` | `${string}Fields`>;

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
  const project = pulumi.getProject();
  const vault = openVault(args.onepasswordVault, `${project}:onepasswordVault`, provider);
  const field = async (item: "awsItem" | "seqeraItem" | "githubItem", name: FieldSetting) => {
    const labels = [args[name]].flat();
    const path = Array.isArray(args[name]) ? `--path '${project}:${name}[0]'` : `${project}:${name}`;
    const found = await vault.item({ title: args[item], labels, setting: `${project}:${item}` });
    try {
      // What a provider's function returns is not secret by itself.
      const mend = `pulumi config set ${path}`;
      return pulumi.secret(readField(found, { vault: vault.name, item: args[item], labels, mend }));
    } catch (reason) {
      throw new pulumi.RunError((reason as Error).message);
    }
  };
  const [accessKeyId, secretAccessKey, token, workspaceId, githubToken] = await Promise.all([
    field("awsItem", "awsAccessKeyIdField"),
    field("awsItem", "awsSecretAccessKeyField"),
    field("seqeraItem", "seqeraTokenFields"),
    field("seqeraItem", "seqeraWorkspaceIdField"),
    args.publishToGithub ? field("githubItem", "githubTokenFields") : pulumi.secret(""),
  ]);
  return {
    aws: { accessKeyId, secretAccessKey },
    seqera: { token, workspaceId },
    github: { token: githubToken },
  };
}
