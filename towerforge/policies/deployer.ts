import { bucketGrants, type DeployerBucketArgs } from "./deployer-bucket.ts";
import type { Grant, Scope } from "./grant.ts";

/** What the deployer's policy is made for. */
export interface DeployerArgs extends DeployerBucketArgs, Scope {
  /** Whom the stack makes for Seqera Platform; both while it changes from one to the other. */
  credentialModes: ("key" | "role")[];
  /** The IAM user's name, for `key`. */
  userName: string;
  /** The IAM role's name, for `role`. */
  roleName: string;
  /** What the three policies' names begin with. */
  policyPrefix: string;
}

const IAM_SOURCE = "https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/iam";

/** The infrastructure credentials: what it takes to deploy, and to look at what was deployed. */
export function deployerGrants(args: DeployerArgs): Grant[] {
  return [...deploymentGrants(args), ...lookingGrants(args)];
}

/** What it takes to deploy this stack, to rotate its key, to refresh and to destroy it. */
export function deploymentGrants(args: DeployerArgs): Grant[] {
  const { partition, account, policyPrefix, credentialModes } = args;
  const policies = ["Forge", "Launch", "S3"].map(
    (part) => `arn:${partition}:iam::${account}:policy/${policyPrefix}-${part}-Policy`,
  );
  return [
    ...(credentialModes.includes("key") ? userGrants(args, policies) : []),
    ...(credentialModes.includes("role") ? holderRoleGrants(args, policies) : []),
    {
      sid: "DeployerPolicies",
      actions: {
        "iam:CreatePolicy": "the three policies of the user or role",
        "iam:TagPolicy": "they are made with tags, which say whose they are",
        "iam:GetPolicy": "is it there, whose is it, is it attached; refresh",
        "iam:GetPolicyVersion": "its content; refresh",
        "iam:ListPolicyVersions": "a new version needs room, and a policy goes without old versions only",
        "iam:CreatePolicyVersion": "a changed setting changes its content in place",
        "iam:DeletePolicyVersion": "the oldest of five makes room; destroy",
        "iam:DeletePolicy": "destroy, and a policy whose making was interrupted",
      },
      source: IAM_SOURCE,
      resources: policies,
    },
    ...bucketGrants(args),
  ];
}

/** What `megatests status` and `megatests doctor` say less without. */
function lookingGrants({ partition, account, userName, credentialModes }: DeployerArgs): Grant[] {
  const users = `arn:${partition}:iam::${account}:user`;
  const uses: Grant = {
    sid: "OperatorStatus",
    actions: {
      "iam:GetAccessKeyLastUsed": "megatests status: when a key was last used",
      "iam:ListUserPolicies": "megatests status: has somebody given the user rights of its own?",
    },
    source: IAM_SOURCE,
    resources: [`${users}/${userName}`],
  };
  const simulation: Grant = {
    sid: "OperatorDoctor",
    actions: { "iam:SimulatePrincipalPolicy": "megatests doctor: may the deployer do all of this?" },
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
    // Whoever calls, where that is a user; a role's session has no such name.
    resources: [`${users}/\${aws:username}`],
  };
  return credentialModes.includes("key") ? [uses, simulation] : [simulation];
}

function userGrants({ partition, account, userName }: DeployerArgs, policies: string[]): Grant[] {
  const user = `arn:${partition}:iam::${account}:user/${userName}`;
  return [
    {
      sid: "DeployerUser",
      actions: {
        "iam:CreateUser": "the user of the key",
        "iam:TagUser": "it is made with tags, which say whose it is",
        "iam:GetUser": "is it there, and whose is it; refresh",
        "iam:ListAttachedUserPolicies": "what is attached; refresh",
        "iam:ListGroupsForUser": "destroy: the provider looks for groups to leave",
        "iam:DeleteUser": "destroy, and a user whose making was interrupted",
      },
      source: IAM_SOURCE,
      resources: [user],
    },
    {
      sid: "DeployerKey",
      actions: {
        "iam:ListAccessKeys": "which keys there are, before each deployment; refresh",
        "iam:CreateAccessKey": "the key, renewed by each deployment",
        "iam:DeleteAccessKey": "the key before it; one that nobody works with; destroy",
      },
      source: IAM_SOURCE,
      resources: [user],
    },
    {
      sid: "DeployerUserPolicies",
      actions: {
        "iam:AttachUserPolicy": "the three policies",
        "iam:DetachUserPolicy": "destroy",
      },
      source: IAM_SOURCE,
      resources: [user],
      conditions: { ArnEquals: { "iam:PolicyARN": policies } },
    },
  ];
}

function holderRoleGrants({ partition, account, roleName }: DeployerArgs, policies: string[]): Grant[] {
  const role = `arn:${partition}:iam::${account}:role/${roleName}`;
  return [
    {
      sid: "DeployerRole",
      actions: {
        "iam:CreateRole": "the role that Seqera Platform assumes",
        "iam:TagRole": "it is made with tags, which say whose it is",
        "iam:GetRole": "is it there, and whose is it; refresh",
        "iam:UpdateAssumeRolePolicy": "credentials made anew on the Platform have another external id",
        "iam:ListRolePolicies": "refresh: the provider looks for policies in the role itself",
        "iam:ListAttachedRolePolicies": "what is attached; refresh",
        "iam:ListInstanceProfilesForRole": "destroy: the provider looks for profiles to leave",
        "iam:DeleteRole": "destroy, and a role whose making was interrupted",
      },
      source: IAM_SOURCE,
      resources: [role],
    },
    {
      sid: "DeployerRolePolicies",
      actions: {
        "iam:AttachRolePolicy": "the three policies",
        "iam:DetachRolePolicy": "destroy",
      },
      source: IAM_SOURCE,
      resources: [role],
      conditions: { ArnEquals: { "iam:PolicyARN": policies } },
    },
  ];
}
