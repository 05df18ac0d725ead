/** Session credentials as IAM Identity Center gives them out. */
import { createHash } from "node:crypto";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Seed } from "../seed.ts";
import { accountsOf, PERSONS_DEPLOYER } from "../sso/model.ts";
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

/** A role as Identity Center makes it in an account, with a policy of AWS's own. */
export interface PersonsRole {
  accountId: string;
  name: string;
  policyArn: string;
}

/** All roles of the imitated portal. The deployer's may do what the deployer's user of a fresh world may. */
export function personsRoles(seed: Seed): PersonsRole[] {
  return accountsOf(seed).flatMap(({ accountId, roles }) =>
    roles.map((role) => ({
      ...{ accountId, name: nameOfRole(accountId, role) },
      policyArn: `arn:aws:iam::aws:policy/${role === PERSONS_DEPLOYER ? "AdministratorAccess" : role}`,
    })),
  );
}

/**
 * How Identity Center names a permission set's role in each account; the hash here is always the same.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
 */
export function nameOfRole(accountId: string, permissionSet: string): string {
  const hash = createHash("sha256").update(`${accountId} ${permissionSet}`).digest("hex");
  return `AWSReservedSSO_${permissionSet}_${hash.slice(0, 16)}`;
}

/** Session credentials of a permission set's role, for an hour. */
export async function assumePermissionSet(
  config: ClientConfig,
  accountId: string,
  permissionSet: string,
): Promise<RoleSession> {
  const sts = new STSClient(config);
  const name = nameOfRole(accountId, permissionSet);
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
