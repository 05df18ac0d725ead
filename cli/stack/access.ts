/** What Seqera Platform works as in AWS, by the stack's config. */
import type { StackConfig } from "../../config.ts";

/** Who somebody is in AWS. */
export interface Identity {
  account: string;
  arn: string;
}

/** Whom policies are attached to: the user of the key, or the role that the Platform assumes. */
export interface Holder {
  kind: "user" | "role";
  name: string;
}

/** Who has the stack's policies in this config. */
export function holderOf(config: Pick<StackConfig, "credentialMode" | "userName" | "roleName">): Holder {
  return config.credentialMode === "role"
    ? { kind: "role", name: config.roleName }
    : { kind: "user", name: config.userName };
}

/** ARN of the role that the Platform is to assume; undefined where it is to hold a key. */
export function roleArnOf(
  { credentialMode, roleName }: Pick<StackConfig, "credentialMode" | "roleName">,
  { account, arn }: Identity,
): string | undefined {
  return credentialMode === "role" ? `arn:${arn.split(":")[1]}:iam::${account}:role/${roleName}` : undefined;
}

/**
 * What a look gives that the deployer need not be allowed in this credential mode: with a role, nobody has to see a user.
 * @param otherwise where it is denied
 * @throws whatever else goes wrong; with a key the denial, too
 */
export async function seenIfAllowed<T>(
  { credentialMode }: Pick<StackConfig, "credentialMode">,
  look: Promise<T>,
  otherwise: T,
): Promise<T> {
  return look.catch((reason: Error) => {
    if (credentialMode === "role" && /^AccessDenied/.test(reason.name)) return otherwise;
    throw reason;
  });
}
