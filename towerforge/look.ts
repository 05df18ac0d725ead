import type * as aws from "@pulumi/aws";
import { type AccountArgs, accessKeysOf, accountScope, missingPolicies } from "./existing.ts";
import { type IamAccess, openIam } from "./iam.ts";
import { type HeldKeys, keepOneKey } from "./mending.ts";
import { planRotation, type RotationArgs } from "./rotation.ts";

/** What a deployment looks for in AWS before it begins. */
export interface LookArgs extends AccountArgs, RotationArgs, Omit<IamAccess, "credentials"> {
  /** The IAM user's name. */
  userName: string;
}

/** Finds out where the deployment goes, and what earlier ones and people have left there. */
export async function lookAtAws(
  args: LookArgs,
  provider: aws.Provider,
  credentials: IamAccess["credentials"],
  heldKeys: HeldKeys,
) {
  const iam = () => openIam({ ...args, credentials });
  const [scope, keys] = await Promise.all([
    accountScope(args, provider),
    accessKeysOf(args.userName, provider),
  ]);
  const plan = planRotation(args, keys, new Date());
  const mending = { iam, heldKeys };
  return {
    scope,
    plan,
    mending,
    afterPush: keepOneKey(args.userName, plan, mending),
    missingPolicies: await missingPolicies(args.userName, plan, iam),
  };
}
