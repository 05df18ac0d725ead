import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ManagedPolicies } from "./managed-policies.ts";
import { makeAgain, type Mending } from "./mending.ts";
import { trustDocument } from "./policies/index.ts";
import type { ReleaseHooks } from "./release.ts";

/** The role that Seqera Platform assumes. */
export interface RoleArgs {
  roleName: string;
  /** ARN of the principal that Seqera Platform assumes it as. */
  seqeraPrincipal: string;
  mending: Mending;
}

/** The IAM role with the policies. It trusts Seqera Platform from its first instant, for these credentials alone. */
export function assumedRole<O extends { externalId: pulumi.Output<string> }>(
  name: string,
  { roleName, seqeraPrincipal, mending }: RoleArgs,
  offer: O,
  policies: ManagedPolicies,
  release: ReleaseHooks["role"],
  tags: Record<string, string>,
  parent: pulumi.Resource,
) {
  const again = makeAgain(
    `${name}-role-again`,
    {
      ...{ what: `IAM role ${roleName}`, tags, setting: "roleName" },
      find: (iam) => iam.role(roleName),
      remove: (iam) => iam.deleteRole(roleName),
    },
    mending,
  );
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      name: roleName,
      description: "Assumed by Seqera Platform",
      assumeRolePolicy: offer.externalId.apply((id) =>
        JSON.stringify(trustDocument({ seqeraPrincipal, externalId: id })),
      ),
      tags,
    },
    // The provider would else take away a role of a former name, at which the Platform works, before there is another one.
    { parent, hooks: { onError: [again], beforeDelete: [release] }, deleteBeforeReplace: false },
  );
  const attachments = Object.entries(policies).map(
    ([part, policy]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${part}-role-attachment`,
        { role: role.name, policyArn: policy.arn },
        { parent },
      ),
  );
  return {
    access: { offer, after: [role, ...attachments] },
    names: { roleName: role.name, roleArn: role.arn },
  };
}
