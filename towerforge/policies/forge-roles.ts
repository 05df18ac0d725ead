import { type Grant, type Scope, SEQERA_DOCS } from "./grant.ts";

/** What Forge's rights on roles are made for. */
export interface ForgeRolesArgs extends Scope {
  /** AWS managed policies that may be attached to Forge's roles, as their ARNs end behind `:policy/`. */
  forgeManagedPolicies: string[];
  /** The services that may be given Forge's roles, e.g. `batch.amazonaws.com`. */
  passedToServices: string[];
}

/** Forge's own roles and instance profiles, and nobody else's. */
export function roleGrants({
  partition,
  account,
  forgeManagedPolicies,
  passedToServices,
}: ForgeRolesArgs): Grant[] {
  const role = `arn:${partition}:iam::${account}:role/TowerForge-*`;
  return [
    {
      sid: "ForgeRoles",
      actions: {
        "iam:CreateRole": "service, execution, fleet, Fargate and instance role of a compute environment",
        "iam:DeleteRole": "disposal",
        "iam:GetRole": "is the role there already",
        "iam:TagRole": "the roles are made with tags",
        "iam:PutRolePolicy": "the roles' own rights: the buckets of the file, Batch for the head job",
        "iam:DeleteRolePolicy": "disposal: a role goes without policies only",
        "iam:ListRolePolicies": "disposal",
        "iam:ListAttachedRolePolicies": "disposal",
      },
      source: SEQERA_DOCS,
      resources: [role],
      narrower: "this account; a role's trust cannot be changed, nor its boundary",
    },
    {
      sid: "ForgeInstanceProfiles",
      actions: {
        "iam:CreateInstanceProfile": "a machine takes its role by an instance profile",
        "iam:DeleteInstanceProfile": "disposal",
        "iam:AddRoleToInstanceProfile": "the instance role is put into it",
        "iam:RemoveRoleFromInstanceProfile": "disposal",
        "iam:TagInstanceProfile": "it is made with tags",
      },
      source: SEQERA_DOCS,
      // Putting a role into a profile is asked of the profile alone; passing it is a right of its own.
      resources: [`arn:${partition}:iam::${account}:instance-profile/TowerForge-*`],
      narrower: "this account",
    },
    {
      sid: "ForgeManagedPolicies",
      actions: {
        "iam:AttachRolePolicy": "the roles get AWS's own policies for Batch, ECS and Spot",
        "iam:DetachRolePolicy": "disposal",
      },
      source: "https://docs.aws.amazon.com/batch/latest/userguide/security_iam_service-with-iam.html",
      resources: [role],
      conditions: {
        ArnEquals: {
          "iam:PolicyARN": forgeManagedPolicies.map((name) => `arn:${partition}:iam::aws:policy/${name}`),
        },
      },
      narrower: "this account; the policies of forgeManagedPolicies only, where Seqera allows any",
    },
    {
      sid: "ForgePassRoles",
      actions: {
        "iam:PassRole":
          "Batch, its machines, its tasks and its Spot fleets run under the roles that Forge made",
      },
      source: "https://docs.aws.amazon.com/batch/latest/userguide/batch-iam-policies.html",
      resources: [role],
      conditions: { StringEquals: { "iam:PassedToService": passedToServices } },
      narrower: "Forge's own roles and the services of passedToServices only, where Seqera allows any role",
    },
  ];
}
