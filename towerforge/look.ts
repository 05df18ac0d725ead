import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { detached, proveAttached } from "./detached.ts";
import { type AccountArgs, accessKeysOf, accountScope } from "./existing.ts";
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
  // A key is made after all three policies are attached. A preview asks no more than it must.
  const asked = !pulumi.runtime.isDryRun() && plan.keyIds.length > 0;
  const missing = asked ? await detached(args.userName, await iam()) : [];
  const tidy = keepOneKey(args.userName, plan, mending);
  return {
    scope,
    plan,
    mending,
    /** The Platform is to be handed the key whatever the state says. */
    handOver: plan.unfinished || missing.length > 0,
    /** What is left to do, and to prove, once the Platform works with the key. */
    afterPush: async (pushed: Parameters<typeof tidy>[0]) => {
      await tidy(pushed);
      await proveAttached(args.userName, await iam());
    },
  };
}
