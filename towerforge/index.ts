import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ForgeArgs, forgeGrants } from "./policies/forge.ts";
import { type Grant, policyDocument, type Scope } from "./policies/grant.ts";
import { launchGrants } from "./policies/launch.ts";
import { s3Grants } from "./policies/s3.ts";
import type { RotationPlan } from "./rotation.ts";

export { accessKeysOf, accountScope } from "./existing.ts";
export { planRotation, type RotationPlan } from "./rotation.ts";

/** Tells whether an access key may be deleted; throws when Seqera Platform may still be using it. */
export type ReleaseCheck = (accessKeyId: string) => Promise<void>;

/** The user that Seqera Platform works as. */
export interface TowerForgeUserArgs extends Omit<ForgeArgs, keyof Scope> {
  /** Partition, region and account the rights are bound to. */
  scope: Scope;
  /** The IAM user's name. */
  userName: string;
  /** What the three policies' names begin with. */
  policyPrefix: string;
  /** The work bucket. */
  bucketArn: pulumi.Input<string>;
  /** Whether this deployment renews the key. */
  plan: RotationPlan;
  /** Asked before any access key is deleted. */
  mayRelease: ReleaseCheck;
  /** What must have succeeded before a key is made. */
  after: pulumi.Resource[];
}

/** IAM user, its three policies and its access key. */
export class TowerForgeUser extends pulumi.ComponentResource {
  readonly userName: pulumi.Output<string>;
  readonly userArn: pulumi.Output<string>;
  readonly policyArns: Record<"forge" | "launch" | "s3", pulumi.Output<string>>;
  readonly accessKeyId: pulumi.Output<string>;
  /** Secret. */
  readonly secretAccessKey: pulumi.Output<string>;

  constructor(name: string, args: TowerForgeUserArgs, opts: pulumi.ComponentResourceOptions) {
    super("AWSMegatests:towerforge:TowerForgeUser", name, {}, opts);
    const tags = {
      ManagedBy: "Pulumi",
      Project: pulumi.getProject(),
      Stack: pulumi.getStack(),
      UsedBy: "Seqera Platform",
    };
    const user = new aws.iam.User(`${name}-user`, { name: args.userName, tags }, { parent: this });

    const attach = (part: string, description: string, grants: pulumi.Input<Grant[]>) => {
      const policy = new aws.iam.Policy(
        `${name}-${part.toLowerCase()}-policy`,
        {
          name: `${args.policyPrefix}-${part}-Policy`,
          description,
          policy: pulumi.output(grants).apply((each) => JSON.stringify(policyDocument(each))),
          tags,
        },
        { parent: this },
      );
      const attachment = new aws.iam.UserPolicyAttachment(
        `${name}-${part.toLowerCase()}-attachment`,
        { user: user.name, policyArn: policy.arn },
        { parent: this },
      );
      return { policy, attachment };
    };
    const forge = attach(
      "Forge",
      "Makes and removes compute environments",
      forgeGrants({ ...args, ...args.scope }),
    );
    const launch = attach("Launch", "Submits and watches runs", launchGrants(args.scope));
    const s3 = attach(
      "S3",
      "Reads and writes the work bucket",
      pulumi.output(args.bucketArn).apply((bucketArn) => s3Grants({ bucketArn })),
    );

    const key = renewedKey(
      name,
      user,
      args,
      this,
      [forge, launch, s3].map(({ attachment }) => attachment),
    );
    this.userName = user.name;
    this.userArn = user.arn;
    this.policyArns = { forge: forge.policy.arn, launch: launch.policy.arn, s3: s3.policy.arn };
    this.accessKeyId = key.id;
    this.secretAccessKey = pulumi.secret(key.secret);
    this.registerOutputs({});
  }
}

/** The key is made after the rights it needs, and deleted only when the Platform has left it. */
function renewedKey(
  name: string,
  user: aws.iam.User,
  { userName, plan, mayRelease, after }: TowerForgeUserArgs,
  parent: pulumi.Resource,
  attachments: pulumi.Resource[],
): aws.iam.AccessKey {
  if (plan.unfinished) void pulumi.log.warn(unfinishedText(userName, plan.keyIds), parent);
  // The trigger that the key in use was made for, kept in the state: an unfinished rotation goes on with that one.
  const trigger = new pulumi.Stash(
    `${name}-rotation`,
    { input: plan.trigger },
    { parent, ignoreChanges: plan.unfinished ? ["input"] : [] },
  );
  const release = new pulumi.ResourceHook(`${name}-release-key`, async ({ oldOutputs, id }) => {
    await mayRelease(String(oldOutputs?.["id"] ?? id));
  });
  return new aws.iam.AccessKey(
    `${name}-key`,
    { user: user.name },
    {
      parent,
      replacementTrigger: trigger.input,
      dependsOn: [...attachments, ...after],
      hooks: { beforeDelete: [release] },
      additionalSecretOutputs: ["secret", "sesSmtpPasswordV4"],
    },
  );
}

function unfinishedText(userName: string, keyIds: string[]): string {
  return [
    `The IAM user ${userName} has two access keys, so the last rotation is unfinished: it is finished, and no other is started.`,
    `  keys: ${keyIds.join(" and ")}`,
    `  mend: if both are still there after this deployment, one was made by hand:`,
    `        aws iam delete-access-key --user-name ${userName} --access-key-id THE-ONE-NOT-IN-THE-OUTPUTS`,
  ].join("\n");
}
