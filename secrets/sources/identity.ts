import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "./source.ts";
import { stsConfig, type Surroundings } from "./surroundings.ts";

/** Who credentials are, as AWS sees them. */
export interface CallerIdentity {
  /** 12 digits. */
  account: string;
  arn: string;
}

/** Asks AWS, which answers whatever the credentials may do. @throws Error with AWS's reason to refuse them */
export async function whoIs(
  credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider,
  surroundings: Surroundings,
): Promise<CallerIdentity> {
  const sdk = await import("@aws-sdk/client-sts");
  const sts = new sdk.STSClient({ ...stsConfig(surroundings), credentials });
  const { Account = "", Arn = "" } = await sts.send(new sdk.GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn };
}
