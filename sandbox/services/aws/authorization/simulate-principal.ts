/**
 * iam:SimulatePrincipalPolicy, which moto does not have: judged by the simulator, from the user's documents in moto. Of
 * the call's parameters these are known: the user, actions and resources.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
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
 * @returns IAM's answer
 * @throws Error where there is no such user, or a call cannot be judged
 */
export async function answerSimulation(form: string, config: ClientConfig): Promise<string> {
  const asked = new URLSearchParams(form);
  const arn = asked.get("PolicySourceArn") ?? "";
  const policies = await policiesOf(arn.split("/").at(-1) ?? "", new IAMClient(config));
  const calls = members(asked, "ActionNames").flatMap((action) =>
    members(asked, "ResourceArns").map((resource) => ({ action, resource })),
  );
  const results = await Promise.all(
    calls.map(async ({ action, resource }) => {
      const { result } = await simulate({ arn, policies }, { action, resource });
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

async function policiesOf(UserName: string, iam: IAMClient): Promise<NamedPolicy[]> {
  const [{ AttachedPolicies = [] }, { PolicyNames = [] }] = await Promise.all([
    iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
    iam.send(new ListUserPoliciesCommand({ UserName })),
  ]);
  const attached = AttachedPolicies.map(async ({ PolicyName: name = "", PolicyArn }) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return { name, document: parsed(PolicyVersion?.Document) };
  });
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument: text } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
    return { name: PolicyName, document: parsed(text) };
  });
  return Promise.all([...attached, ...inline]);
}

function parsed(document = ""): PolicyDocument {
  return JSON.parse(decodeURIComponent(document)) as PolicyDocument;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
