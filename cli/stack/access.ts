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
