/** `aws:iam/userPolicyAttachment:UserPolicyAttachment` and `aws:iam/rolePolicyAttachment:RolePolicyAttachment` */
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  type AttachedPolicy,
} from "@aws-sdk/client-iam";
import type { ResourceType } from "../kit/resource.ts";
import { need } from "../kit/values.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";

/** A managed policy on a user. */
export const userPolicyAttachment = attachment("user", "IAM User", {
  attach: (session, UserName, PolicyArn, doing) =>
    send(doing, session.iam(), new AttachUserPolicyCommand({ UserName, PolicyArn })),
  detach: (session, UserName, PolicyArn, doing) =>
    send(doing, session.iam(), new DetachUserPolicyCommand({ UserName, PolicyArn })),
  list: (session, UserName) => paginateListAttachedUserPolicies({ client: session.iam() }, { UserName }),
});

/** A managed policy on a role. */
export const rolePolicyAttachment = attachment("role", "IAM Role", {
  attach: (session, RoleName, PolicyArn, doing) =>
    send(doing, session.iam(), new AttachRolePolicyCommand({ RoleName, PolicyArn })),
  detach: (session, RoleName, PolicyArn, doing) =>
    send(doing, session.iam(), new DetachRolePolicyCommand({ RoleName, PolicyArn })),
  list: (session, RoleName) => paginateListAttachedRolePolicies({ client: session.iam() }, { RoleName }),
});

type Call = (session: AwsSession, holder: string, arn: string, doing: string) => Promise<unknown>;

interface Calls {
  attach: Call;
  detach: Call;
  list(session: AwsSession, holder: string): AsyncIterable<{ AttachedPolicies?: AttachedPolicy[] }>;
}

/** Both kinds have the id `holder/arn`, which is also what imports one. */
function attachment(holder: "user" | "role", kind: string, calls: Calls): ResourceType<AwsSession> {
  return {
    properties: {
      [holder]: { required: true, replaces: true },
      policyArn: { required: true, replaces: true },
    },
    computed: [],

    async create({ session }, inputs) {
      const [name, arn] = [need(inputs, holder), need(inputs, "policyArn")];
      await calls.attach(session, name, arn, `attaching IAM Policy (${arn}) to ${kind} (${name})`);
      // The real one waits until the attachment is listed.
      await attachedTo(calls, session, name);
      return { id: `${name}/${arn}`, outs: { [holder]: name, policyArn: arn } };
    },

    async read({ session }, id) {
      const slash = id.indexOf("/");
      const [name, arn] = [id.slice(0, slash), id.slice(slash + 1)];
      if (slash < 1 || !arn.startsWith("arn:"))
        throw new Error(`unexpected format of ID (${id}), expected <${holder}-name>/<policy_arn>`);
      const attached = await attachedTo(calls, session, name);
      return attached.includes(arn) ? { [holder]: name, policyArn: arn } : undefined;
    },

    update: () => Promise.reject(new Error(`an attachment of a policy to an ${kind} cannot change in place`)),

    async delete({ session }, _id, olds) {
      const [name, arn] = [need(olds, holder), need(olds, "policyArn")];
      const doing = `detaching IAM Policy (${arn}) from ${kind} (${name})`;
      await unless(["NoSuchEntity"], calls.detach(session, name, arn, doing));
    },
  };
}

async function attachedTo(calls: Calls, session: AwsSession, name: string): Promise<string[]> {
  const arns: string[] = [];
  try {
    for await (const page of calls.list(session, name))
      arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn as string));
  } catch (error) {
    if ((error as Error).name !== "NoSuchEntityException") throw error;
  }
  return arns;
}
