/** Session credentials as IAM Identity Center gives them out. */
import { createHash } from "node:crypto";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientConfig } from "./world.ts";

/** Credentials that end. */
export interface RoleSession {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** As Identity Center names the person of a session. */
const PERSON = "operator@nf-co.re";

/**
 * Session credentials of a permission set's role, for an hour. The role is named as Identity Center names it in each
 * account; moto lets any role be assumed, also one that was never made.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
 */
export async function assumeRole(
  config: ClientConfig,
  accountId: string,
  permissionSet: string,
): Promise<RoleSession> {
  const sts = new STSClient(config);
  const hash = createHash("sha256").update(`${accountId} ${permissionSet}`).digest("hex");
  const name = `AWSReservedSSO_${permissionSet}_${hash.slice(0, 16)}`;
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/${name}`,
      RoleSessionName: PERSON,
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
    expiration: Credentials?.Expiration ?? new Date(0),
  };
}
