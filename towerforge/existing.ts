import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./policies/grant.ts";
import type { ListedKey } from "./rotation.ts";

/**
 * The access keys the user has in AWS now; undefined while there is no such user.
 * @throws pulumi.RunError when AWS gives any other answer: without knowing the keys no rotation is safe
 */
export async function accessKeysOf(user: string, provider: aws.Provider): Promise<ListedKey[] | undefined> {
  try {
    // The Output form of this call would end the program where the user does not exist yet.
    return (await aws.iam.getAccessKeys({ user }, { provider })).accessKeys;
  } catch (reason) {
    const message = reason instanceof Error ? reason.message : String(reason);
    if (/NoSuchEntity|couldn't find resource/i.test(message)) return undefined;
    if (/InvalidClientTokenId|SignatureDoesNotMatch/.test(message)) throw refusedCredentials(message);
    throw new pulumi.RunError(
      [
        `The access keys of the IAM user cannot be listed, so the deployment stops before it changes anything.`,
        `  user:     ${user}`,
        `  answered: ${message.split("\n")[0]}`,
        `  allowed:  credentials with iam:ListAccessKeys on that user`,
        `  mend:     check the key in 1Password: AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… aws sts get-caller-identity`,
      ].join("\n"),
    );
  }
}

/** Where a stack may be deployed to. */
export interface AccountArgs {
  /** The AWS region, e.g. `eu-west-1`. */
  region: string;
  /** The 12 digits of the only account allowed. Empty allows any. */
  awsAccountId: string;
}

/**
 * Partition, region and account of the deployment's credentials.
 * @throws pulumi.RunError when AWS refuses the credentials, or they belong to another account than the allowed one
 */
export async function accountScope(
  { region, awsAccountId }: AccountArgs,
  provider: aws.Provider,
): Promise<Scope> {
  const { account, partition } = await whoami(provider);
  if (awsAccountId === "" || awsAccountId === account) return { partition, region, account };
  throw new pulumi.RunError(
    [
      `The infrastructure credentials belong to another AWS account.`,
      `  found:   ${account}`,
      `  allowed: ${awsAccountId}`,
      `  mend:    pulumi config set AWSMegatests:awsAccountId ${account}, or put that account's key into 1Password`,
    ].join("\n"),
  );
}

async function whoami(provider: aws.Provider): Promise<{ account: string; partition: string }> {
  try {
    const [{ accountId }, { partition }] = await Promise.all([
      aws.getCallerIdentity({}, { provider }),
      aws.getPartition({}, { provider }),
    ]);
    return { account: accountId, partition };
  } catch (reason) {
    throw refusedCredentials(reason instanceof Error ? reason.message : String(reason));
  }
}

function refusedCredentials(answer: string): pulumi.RunError {
  return new pulumi.RunError(
    [
      `AWS refuses the infrastructure credentials.`,
      `  answered: ${answer.split("\n")[0]}`,
      `  allowed:  an active access key that may deploy this stack`,
      `  mend:     renew the key in the 1Password item named by AWSMegatests:awsItem, then: pulumi up`,
    ].join("\n"),
  );
}
