/**
 * iam:SimulatePrincipalPolicy, which moto does not have: judged by the simulator, from the documents in moto of
 * a user (but for its groups) or a role. Of the call's parameters these are known: who, actions, resources, context.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  NoSuchEntityException,
} from "@aws-sdk/client-iam";
import type { ClientConfig } from "../world.ts";
import { type NamedPolicy, type PolicyDocument, simulate } from "./simulate.ts";

const DECISIONS = {
  Allowed: "allowed",
  ExplicitlyDenied: "explicitDeny",
  ImplicitlyDenied: "implicitDeny",
};

/**
 * @param form the request's body
 * @param config asks moto itself
 * @returns IAM's answer; undefined where there is no user or role of that ARN, its path included
 * @throws Error where a call cannot be judged
 */
export async function answerSimulation(form: string, config: ClientConfig): Promise<string | undefined> {
  const asked = new URLSearchParams(form);
  const arn = asked.get("PolicySourceArn") ?? "";
  const iam = new IAMClient(config);
  if (!(await isThere(arn, iam))) return undefined;
  const policies = await policiesOf(arn, iam);
  const calls = members(asked, "ActionNames").flatMap((action) =>
    members(asked, "ResourceArns").map((resource) => ({ action, resource })),
  );
  const context = contextIn(asked);
  const results = await Promise.all(
    calls.map(async ({ action, resource }) => {
      const { result } = await simulate({ arn, policies }, { action, resource, context });
      return (
        `<member><EvalActionName>${escaped(action)}</EvalActionName>` +
        `<EvalResourceName>${escaped(resource)}</EvalResourceName>` +
        `<EvalDecision>${DECISIONS[result]}</EvalDecision></member>`
      );
    }),
  );
  return (
    `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult>` +
    `<IsTruncated>false</IsTruncated><EvaluationResults>${results.join("")}</EvaluationResults>` +
    `</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`
  );
}

/** `ActionNames.member.1` and so on. */
function members(form: URLSearchParams, name: string): string[] {
  return [...form].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, value]) => value);
}

/** `ContextEntries.member.1.ContextKeyName`, `….ContextKeyValues.member.1`. */
function contextIn(form: URLSearchParams): Record<string, string[]> {
  const entries = [...form].flatMap(([key, name]) => {
    const [, entry] = /^(ContextEntries\.member\.\d+)\.ContextKeyName$/.exec(key) ?? [];
    return entry === undefined ? [] : [[name, members(form, `${entry}.ContextKeyValues`)] as const];
  });
  return Object.fromEntries(entries);
}

async function isThere(arn: string, iam: IAMClient): Promise<boolean> {
  const name = arn.split("/").at(-1) ?? "";
  try {
    const found = arn.includes(":role/")
      ? (await iam.send(new GetRoleCommand({ RoleName: name }))).Role
      : (await iam.send(new GetUserCommand({ UserName: name }))).User;
    return found?.Arn === arn;
  } catch (reason) {
    if (reason instanceof NoSuchEntityException) return false;
    throw reason;
  }
}

/** The policies of a user or a role, and what is attached to it. */
async function policiesOf(arn: string, iam: IAMClient): Promise<NamedPolicy[]> {
  const name = arn.split("/").at(-1) ?? "";
  const { attached, inline } = arn.includes(":role/") ? await ofRole(name, iam) : await ofUser(name, iam);
  const documents = attached.map(async ({ PolicyName = "", PolicyArn }) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return { name: PolicyName, document: parsed(PolicyVersion?.Document) };
  });
  return Promise.all([...documents, ...inline]);
}

async function ofUser(UserName: string, iam: IAMClient) {
  const [{ AttachedPolicies = [] }, { PolicyNames = [] }] = await Promise.all([
    iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
    iam.send(new ListUserPoliciesCommand({ UserName })),
  ]);
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument: text } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
    return { name: PolicyName, document: parsed(text) };
  });
  return { attached: AttachedPolicies, inline };
}

async function ofRole(RoleName: string, iam: IAMClient) {
  const [{ AttachedPolicies = [] }, { PolicyNames = [] }] = await Promise.all([
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
  ]);
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument: text } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return { name: PolicyName, document: parsed(text) };
  });
  return { attached: AttachedPolicies, inline };
}

function parsed(document = ""): PolicyDocument {
  return JSON.parse(decodeURIComponent(document)) as PolicyDocument;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
