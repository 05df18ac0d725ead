import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type PolicyArgs, policyDocument, type Scope, towerForgeGrants } from "./policies/index.ts";
import { type KeyArgs, renewedKey } from "./key.ts";
import { makeAgain } from "./mending.ts";

export { openIam } from "./iam.ts";
export { policiesOf } from "./policies/index.ts";
export { lookAtAws, type LookArgs } from "./look.ts";

/** The user that Seqera Platform works as. */
export interface TowerForgeUserArgs extends Omit<PolicyArgs, keyof Scope | "bucketArn">, KeyArgs {
  /** Partition, region and account the rights are bound to. */
  scope: Scope;
  /** What the three policies' names begin with. */
  policyPrefix: string;
  /** The work bucket. */
  bucketArn: pulumi.Input<string>;
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
    const again = makeAgain(
      `${name}-user-again`,
      {
        ...{ what: `IAM user ${args.userName}`, tags, setting: "userName" },
        find: (iam) => iam.user(args.userName),
        remove: (iam) => iam.deleteUser(args.userName),
      },
      args.mending,
    );
    const user = new aws.iam.User(
      `${name}-user`,
      { name: args.userName, tags },
      { parent: this, hooks: { onError: [again] } },
    );

    const grants = pulumi
      .output(args.bucketArn)
      .apply((bucketArn) => towerForgeGrants({ ...args, ...args.scope, bucketArn }));
    const attach = (part: "Forge" | "Launch" | "S3", description: string) => {
      const policyName = `${args.policyPrefix}-${part}-Policy`;
      const arn = `arn:${args.scope.partition}:iam::${args.scope.account}:policy/${policyName}`;
      const policyAgain = makeAgain(
        `${name}-${part.toLowerCase()}-policy-again`,
        {
          ...{ what: `IAM policy ${policyName}`, tags, setting: "policyPrefix" },
          find: (iam) => iam.policy(arn),
          remove: (iam) => iam.deletePolicy(arn),
        },
        args.mending,
      );
      const policy = new aws.iam.Policy(
        `${name}-${part.toLowerCase()}-policy`,
        {
          name: policyName,
          description,
          policy: grants.apply((all) => JSON.stringify(policyDocument(all[part], part))),
          tags,
        },
        { parent: this, hooks: { onError: [policyAgain] } },
      );
      const attachment = new aws.iam.UserPolicyAttachment(
        `${name}-${part.toLowerCase()}-attachment`,
        { user: user.name, policyArn: policy.arn },
        { parent: this },
      );
      return { policy, attachment };
    };
    const forge = attach("Forge", "Makes and removes compute environments");
    const launch = attach("Launch", "Submits and watches runs");
    const s3 = attach("S3", "Reads and writes the work bucket");

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
