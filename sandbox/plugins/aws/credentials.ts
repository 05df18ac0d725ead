/** The credentials a provider works with: given, checked, exchanged for those of a role. */
import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { send } from "./send.ts";

/** Environment variables by name. */
export type Environment = Record<string, string | undefined>;

/** Long-lived or temporary credentials. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * @returns the credentials of the arguments, else those of the environment
 * @throws when there are none in either
 */
export function credentialsOf(variables: Record<string, string>, environment: Environment): Credentials {
  const [accessKeyId, secretAccessKey, sessionToken] = variables.accessKey
    ? [variables.accessKey, variables.secretKey, variables.token]
    : [environment.AWS_ACCESS_KEY_ID, environment.AWS_SECRET_ACCESS_KEY, environment.AWS_SESSION_TOKEN];
  if (!accessKeyId || !secretAccessKey)
    throw new Error("No valid credential sources found: give the provider accessKey and secretKey");
  return { accessKeyId, secretAccessKey, sessionToken };
}

/**
 * Asks STS who the credentials are.
 *
 * @throws in the real provider's words when STS refuses them
 */
export async function validate(sts: STSClient): Promise<void> {
  try {
    await send(
      "validating provider credentials: retrieving caller identity from STS",
      sts,
      new GetCallerIdentityCommand(),
    );
  } catch (error) {
    throw new Error(
      `unable to validate AWS credentials.\nDetails: Retrieving AWS account details: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** One of the `assumeRoles` argument. */
export interface RoleToAssume {
  roleArn: string;
  sessionName?: string;
  externalId?: string;
  policy?: string;
}

/** @returns the temporary credentials of a role. @throws when STS refuses */
export async function assume(role: RoleToAssume, sts: STSClient): Promise<Credentials> {
  const command = new AssumeRoleCommand({
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName ?? `pulumi-${Date.now()}`,
    ExternalId: role.externalId,
    Policy: role.policy,
  });
  const { Credentials: given } = await send(`Cannot assume IAM Role (${role.roleArn})`, sts, command);
  return {
    accessKeyId: given?.AccessKeyId as string,
    secretAccessKey: given?.SecretAccessKey as string,
    sessionToken: given?.SessionToken,
  };
}
