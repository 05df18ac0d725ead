/** What a thief of the key would try on IAM itself: each must be denied. */
import { callsIn, type Place, type Row } from "./row.ts";

/** A role of the lab's own that is an administrator. */
const ADMIN = "role/LabAdministrator";
const FORGE = "role/TowerForge-4kFcDmzGYKS2W0H0S9TVVf-InstanceRole";

export function iamAttacks(place: Place): Row[] {
  const { call, iam } = callsIn(place);
  const own = place.principal;
  const other = iam("user/alice");
  const policy = iam("policy/TowerForge-Forge-Policy");
  const administrator = { "iam:PolicyARN": `arn:${place.partition}:iam::aws:policy/AdministratorAccess` };
  const on = (resource: string, names: string[], context = {}) =>
    names.map((name): Row => ({
      group: "IAM",
      what: `${name} on ${resource.split(":").at(-1)}`,
      calls: [call(`iam:${name}`, resource, context)],
    }));
  return [
    ...[iam("user/TowerForge-AWSMegatests"), other].flatMap((user) => [
      ...on(user, ["CreateUser", "DeleteUser", "UpdateUser", "TagUser", "UntagUser"]),
      ...on(user, ["CreateAccessKey", "DeleteAccessKey", "UpdateAccessKey", "ListAccessKeys"]),
      ...on(user, ["CreateLoginProfile", "UpdateLoginProfile", "DeactivateMFADevice"]),
      ...on(user, ["PutUserPolicy", "DeleteUserPolicy", "PutUserPermissionsBoundary"]),
      ...on(user, ["DeleteUserPermissionsBoundary"]),
      ...on(user, ["AttachUserPolicy", "DetachUserPolicy"], administrator),
    ]),
    ...on(policy, ["CreatePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion"]),
    ...on(policy, ["DeletePolicy", "TagPolicy"]),
    ...on(iam("group/admins"), ["CreateGroup", "PutGroupPolicy", "AddUserToGroup"]),
    ...on(iam("group/admins"), ["AttachGroupPolicy"], administrator),
    ...on(iam(ADMIN), [
      "CreateRole",
      "DeleteRole",
      "UpdateRole",
      "TagRole",
      "PutRolePolicy",
      "DeleteRolePolicy",
    ]),
    ...on(iam(ADMIN), [
      "UpdateAssumeRolePolicy",
      "PutRolePermissionsBoundary",
      "DeleteRolePermissionsBoundary",
    ]),
    ...on(iam(ADMIN), ["AttachRolePolicy", "DetachRolePolicy"], administrator),
    ...on(iam(FORGE), ["UpdateAssumeRolePolicy", "UpdateRole", "UntagRole"]),
    ...on(iam(FORGE), ["PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"]),
    ...on(iam("instance-profile/lab"), ["CreateInstanceProfile", "DeleteInstanceProfile"]),
    ...on(iam("instance-profile/lab"), ["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"]),
    ...on(iam("role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"), [
      "CreateServiceLinkedRole",
    ]),
    ...on(iam("saml-provider/lab"), ["CreateSAMLProvider", "UpdateSAMLProvider"]),
    ...on(iam("oidc-provider/token.actions.githubusercontent.com"), ["CreateOpenIDConnectProvider"]),
    ...managedPolicies(place),
    {
      group: "IAM",
      what: "give a role the TowerForge- name in another account",
      calls: [call("iam:CreateRole", iam(FORGE).replace(place.account, "999999999999"))],
    },
    ...[own, other].map((arn) => ({
      group: "IAM",
      what: `read the keys and policies of ${arn.split(":").at(-1)}`,
      calls: [call("iam:ListAttachedUserPolicies", arn.includes(":user/") ? arn : iam("user/bob"))],
    })),
  ];
}

/** Policies that would make a role of Forge's an administrator, or the lab's spy. */
function managedPolicies(place: Place): Row[] {
  const { call, iam } = callsIn(place);
  const names = [
    "AdministratorAccess",
    "PowerUserAccess",
    "IAMFullAccess",
    "AmazonS3FullAccess",
    "ReadOnlyAccess",
  ];
  const arns = [
    ...names.map((name) => `arn:${place.partition}:iam::aws:policy/${name}`),
    `arn:${place.partition}:iam::aws:policy/job-function/SystemAdministrator`,
    iam("policy/lab-everything"),
  ];
  return arns.map((arn) => ({
    group: "IAM",
    what: `attach ${arn.split("/").at(-1)} to a role of Forge's`,
    calls: [call("iam:AttachRolePolicy", iam(FORGE), { "iam:PolicyARN": arn })],
  }));
}

/** Roles assumed, and roles handed to services. */
export function roleAttacks(place: Place, { namedRoles }: { namedRoles: string[] }): Row[] {
  const { call, iam, pass } = callsIn(place);
  const row = (what: string, ...calls: Row["calls"]): Row => ({ group: "roles", what, calls });
  const allowed = ["batch", "ec2", "ecs-tasks", "spotfleet"];
  const services = [
    ...["lambda", "glue", "cloudformation", "sagemaker", "codebuild", "datapipeline", "states", "events"],
    ...["ssm", "eks", "apprunner", "bedrock", "scheduler", "codepipeline", "emr-serverless", "autoscaling"],
  ];
  return [
    ...[ADMIN, FORGE].flatMap((role) =>
      ["AssumeRole", "TagSession"].map((name) => row(`${name} ${role}`, call(`sts:${name}`, iam(role)))),
    ),
    row(
      "assume a role of another account",
      call("sts:AssumeRole", `arn:${place.partition}:iam::999999999999:role/partner`),
    ),
    row(
      "a federated session",
      call("sts:GetFederationToken", `arn:${place.partition}:sts::${place.account}:federated-user/thief`),
    ),
    ...allowed.map((service) =>
      row(`pass an administrator's role to ${service}`, pass("LabAdministrator", `${service}.amazonaws.com`)),
    ),
    // A role that a file names is the lab's own, and may do anything: for ECS tasks it is meant.
    ...namedRoles.flatMap((role) =>
      ["lambda", "ec2", "batch"].map((service) =>
        row(
          `pass ${role.split("/").at(-1)} to ${service}`,
          call("iam:PassRole", role, { "iam:PassedToService": `${service}.amazonaws.com` }),
        ),
      ),
    ),
    ...services.map((service) =>
      row(`pass a role of Forge's to ${service}`, pass(FORGE.split("/")[1]!, `${service}.amazonaws.com`)),
    ),
  ];
}
