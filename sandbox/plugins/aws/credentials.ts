/** The credentials a provider works with: given, checked, exchanged for those of a role. */
import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { parseKnownFiles } from "@smithy/core/config";
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
 * What resources and functions are worked with: the arguments alone where any is given, as aws-sdk-go-base has it.
 *
 * @returns the credentials of the arguments, else those of the environment
 * @throws when there are none in either
 */
export function credentialsOf(variables: Record<string, string>, environment: Environment): Credentials {
  return variables.accessKey || variables.secretKey || variables.token
    ? whole(variables.accessKey, variables.secretKey, variables.token)
    : credentialsToCheck({}, environment);
}

/**
 * What is checked before, by Pulumi's part of the provider (`validateCredentials` in its provider/resources.go): each
 * argument that is left out, and not just empty, is taken from the environment by itself, whatever the others are.
 *
 * @throws when there are none in either
 */
export function credentialsToCheck(variables: Record<string, string>, environment: Environment): Credentials {
  return whole(
    variables.accessKey ?? environment.AWS_ACCESS_KEY_ID,
    variables.secretKey ?? environment.AWS_SECRET_ACCESS_KEY,
    variables.token ?? environment.AWS_SESSION_TOKEN,
  );
}

function whole(accessKeyId?: string, secretAccessKey?: string, sessionToken?: string): Credentials {
  if (!accessKeyId || !secretAccessKey)
    throw new Error("No valid credential sources found: give the provider accessKey and secretKey");
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/**
 * Reads settings from a profile, the argument's or, where that is empty, too, AWS_PROFILE's: credentials in it go after
 * static ones, but it has to be there (`resolveConfigLoaders` of the SDK for Go).
 *
 * @throws in the SDK's words where there is no such profile
 */
export async function requireProfile(
  variables: Record<string, string>,
  environment: Environment,
): Promise<void> {
  const profile = variables.profile || environment.AWS_PROFILE;
  if (!profile) return;
  const known = await parseKnownFiles({
    ...{ ignoreCache: true, filepath: environment.AWS_SHARED_CREDENTIALS_FILE },
    configFilepath: environment.AWS_CONFIG_FILE,
  });
  if (!known[profile])
    throw new Error(`loading configuration: failed to get shared config profile, ${profile}`);
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
