import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type KeyArgs, renewedKey } from "./key.ts";
import type { ManagedPolicies } from "./managed-policies.ts";
import { makeAgain } from "./mending.ts";
import type { ReleaseHooks } from "./release.ts";

/** The IAM user with the policies, and its access key. */
export function userWithKey(
  name: string,
  args: KeyArgs,
  policies: ManagedPolicies,
  release: ReleaseHooks["key"],
  tags: Record<string, string>,
  parent: pulumi.Resource,
) {
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
    { parent, hooks: { onError: [again] } },
  );
  const attachments = Object.entries(policies).map(
    ([part, policy]) =>
      new aws.iam.UserPolicyAttachment(
        `${name}-${part}-attachment`,
        { user: user.name, policyArn: policy.arn },
        { parent },
      ),
  );
  const key = renewedKey(name, user, args, release, parent, attachments);
  return {
    access: { accessKeyId: key.id, secretAccessKey: pulumi.secret(key.secret) },
    names: { userName: user.name, userArn: user.arn, accessKeyId: key.id },
  };
}
