import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { detached, proveAttached } from "./detached.ts";
import { type AccountArgs, accessKeysOf, accountScope } from "./existing.ts";
import { type Holder, type Iam, type IamAccess, openIam } from "./iam.ts";
import { type HeldKeys, keepOneKey, type Mending } from "./mending.ts";
import type { Scope } from "./policies/grant.ts";
import { noRotation, planRotation, type RotationArgs, type RotationPlan } from "./rotation.ts";

/** What a deployment looks for in AWS before it begins. */
export interface LookArgs extends AccountArgs, RotationArgs, Omit<IamAccess, "credentials"> {
  /** What Seqera Platform works with: a user's access key, or a role that it assumes. */
  credentialMode: "key" | "role";
  /** The IAM user's name, for `key`. */
  userName: string;
  /** The IAM role's name, for `role`. */
  roleName: string;
}

/** Where the deployment goes, and what earlier ones and people have left there. */
export interface AwsLook {
  scope: Scope;
  plan: RotationPlan;
  mending: Mending;
  /** ARN of the role that Seqera Platform is to assume, whether it exists yet or not; undefined where it is to hold a key. */
  roleArn: string | undefined;
  /** Whether an earlier deployment has left what Seqera Platform works with: a user with keys, or the role. */
  stands: boolean;
  /** The Platform is to be handed the key, or to try the role, whatever the state says. */
  handOver: boolean;
  /** What is left to do, and to prove, once the Platform works with the key, or by the role (then there is no key). */
  afterPush: (pushed?: { accessKeyId: string; formerAccessKeyId: string | undefined }) => Promise<void>;
}

/** Finds it out. */
export async function lookAtAws(
  args: LookArgs,
  provider: aws.Provider,
  credentials: IamAccess["credentials"],
  heldKeys: HeldKeys,
): Promise<AwsLook> {
  const mending = { iam: () => openIam({ ...args, credentials }), heldKeys };
  return args.credentialMode === "role"
    ? lookAtRole(args, provider, mending)
    : lookAtUser(args, provider, mending);
}

async function lookAtUser(args: LookArgs, provider: aws.Provider, mending: Mending): Promise<AwsLook> {
  const [scope, keys] = await Promise.all([
    accountScope(args, provider),
    accessKeysOf(args.userName, provider),
  ]);
  const plan = planRotation(args, keys, new Date());
  const holder: Holder = { kind: "user", name: args.userName };
  const stands = plan.keyIds.length > 0;
  // A key is made after all three policies are attached.
  const missing = stands ? await missingPolicies(holder, mending.iam) : [];
  const tidy = keepOneKey(args.userName, plan, mending);
  return {
    ...{ scope, plan, mending, stands, roleArn: undefined },
    handOver: plan.unfinished || missing === undefined || missing.length > 0,
    afterPush: async (pushed) => {
      if (pushed) await tidy(pushed);
      await proveAttached(holder, await mending.iam());
    },
  };
}

async function lookAtRole(args: LookArgs, provider: aws.Provider, mending: Mending): Promise<AwsLook> {
  const scope = await accountScope(args, provider);
  const holder: Holder = { kind: "role", name: args.roleName };
  const missing = await missingPolicies(holder, mending.iam);
  return {
    ...{ scope, mending },
    plan: noRotation(args.roleName),
    // By hand, because the credentials on the Platform name the role before there is one.
    roleArn: `arn:${scope.partition}:iam::${scope.account}:role/${args.roleName}`,
    stands: missing !== undefined,
    // One that somebody has deleted, and that the state still knows, is not to pass for one that works.
    handOver: missing === undefined || missing.length > 0,
    afterPush: async () => proveAttached(holder, await mending.iam()),
  };
}

/** A preview asks no more than it must: for all it knows, none is missing. */
async function missingPolicies(holder: Holder, iam: () => Promise<Iam>): Promise<string[] | undefined> {
  return pulumi.runtime.isDryRun() ? [] : detached(holder, await iam());
}
