/** How the Platform gets at AWS: with the keys of credentials, or by assuming the role they name. */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { MARKS } from "../callers.ts";
import type { AwsKeys } from "./model.ts";

/** Credentials as any SDK client takes them. */
export interface AwsIdentity {
  accessKeyId: string;
  secretAccessKey: string;
  /** @default none: a user's key */
  sessionToken?: string;
}

/** Where AWS is, and who the Platform is there. */
export interface PlatformAws {
  /** URL of the AWS gateway. */
  endpoint: string;
  /** The Platform's own principal, which assumes the users' roles. @default none: role mode is always rejected */
  principal?: AwsIdentity;
  /** Longest wait for one answer to a probe. @default 10000 */
  timeoutMilliseconds?: number;
}

/** What any SDK client is made with, except for its region. */
export interface Session {
  endpoint: string;
  /** By it the sandbox knows the Platform's own calls. */
  customUserAgent: string;
  credentials: AwsIdentity;
}

/** AWS was not asked, for the Platform has nothing to ask it with. */
export class Rejection extends Error {}

/** Any region serves for STS; AWS's own default. */
export const STS_REGION = "us-east-1";

/**
 * Seqera's documents ask for sts:TagSession in a role's trust, so the sessions have tags; which, they do not say. This
 * one is the sandbox's own.
 */
const TAGS = [{ Key: "sandbox", Value: "seqera-platform" }];

/** Longest wait for one answer to a probe. */
export function timeoutOf({ timeoutMilliseconds = 10_000 }: PlatformAws): number {
  return timeoutMilliseconds;
}

/**
 * Opens a session anew at each call: a role whose trust or external id has changed shows at once.
 * @param mark by which the calls are known. @default the Platform's
 * @throws Rejection when the Platform has no key of its own to assume a role with
 * @throws AWS's error when the role may not be assumed
 */
export async function openSession(
  aws: PlatformAws,
  keys: AwsKeys,
  mark: string = MARKS.platform,
): Promise<Session> {
  const base = { endpoint: aws.endpoint, customUserAgent: mark };
  const own =
    keys.accessKey !== undefined && keys.secretKey !== undefined
      ? { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey }
      : aws.principal;
  if (own === undefined) throw new Rejection("The Platform has no principal that may assume the role");
  if (keys.assumeRoleArn === undefined) return { ...base, credentials: own };
  const sts = new STSClient({ ...base, maxAttempts: 1, region: STS_REGION, credentials: own });
  const { Credentials: session } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: keys.assumeRoleArn,
      RoleSessionName: "seqera-platform",
      ExternalId: keys.externalId,
      Tags: TAGS,
    }),
    { abortSignal: AbortSignal.timeout(timeoutOf(aws)) },
  );
  sts.destroy();
  return {
    ...base,
    credentials: {
      accessKeyId: session?.AccessKeyId ?? "",
      secretAccessKey: session?.SecretAccessKey ?? "",
      sessionToken: session?.SessionToken,
    },
  };
}
