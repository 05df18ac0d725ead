/** What else hangs on a role: its policies, read with it, and its instance profiles, left before it goes. */
import {
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import type { Props } from "../kit/values.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";

/** @returns a role's inline policies and the ARNs of those attached to it, in the shape of the resource's outputs */
export async function policiesOf(session: AwsSession, RoleName: string): Promise<Props> {
  const [names, managedPolicyArns] = await Promise.all([
    inlineNames(session, RoleName),
    attachedArns(session, RoleName),
  ]);
  const inlinePolicies = await Promise.all(
    names.map(async (PolicyName) => {
      const command = new GetRolePolicyCommand({ RoleName, PolicyName });
      const found = await send(`reading inline policies for IAM role ${RoleName}`, session.iam(), command);
      return { name: PolicyName, policy: decodeURIComponent(found.PolicyDocument ?? "") };
    }),
  );
  return { inlinePolicies, managedPolicyArns };
}

/**
 * Takes away the policies IAM would refuse the deletion for. Told to force, all of them; else, as the real one does
 * by accident, all of a kind that the last read has seen.
 */
export async function takePoliciesAway(session: AwsSession, RoleName: string, olds: Props): Promise<void> {
  const forced = olds.forceDetachPolicies === true;
  const seen = (key: string): boolean => Array.isArray(olds[key]) && olds[key].length > 0;
  const gone = ["NoSuchEntity"];
  if (forced || seen("managedPolicyArns"))
    for (const PolicyArn of (await unless(gone, attachedArns(session, RoleName))) ?? []) {
      const command = new DetachRolePolicyCommand({ RoleName, PolicyArn });
      const doing = `detaching IAM Policy (${PolicyArn}) from Role (${RoleName})`;
      await unless(gone, send(doing, session.iam(), command));
    }
  if (forced || seen("inlinePolicies"))
    for (const PolicyName of (await unless(gone, inlineNames(session, RoleName))) ?? []) {
      const command = new DeleteRolePolicyCommand({ RoleName, PolicyName });
      const doing = `deleting IAM Role (${RoleName}) policy (${PolicyName})`;
      await unless(gone, send(doing, session.iam(), command));
    }
}

/** Takes a role out of its instance profiles, told to force or not. */
export async function leaveInstanceProfiles(session: AwsSession, RoleName: string): Promise<void> {
  const listing = send(
    `reading IAM Instance Profiles for Role (${RoleName})`,
    session.iam(),
    new ListInstanceProfilesForRoleCommand({ RoleName }),
  );
  for (const { InstanceProfileName } of (await unless(["NoSuchEntity"], listing))?.InstanceProfiles ?? []) {
    const command = new RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName });
    const doing = `removing IAM Role (${RoleName}) from Instance Profile (${InstanceProfileName})`;
    await unless(["NoSuchEntity"], send(doing, session.iam(), command));
  }
}

async function inlineNames(session: AwsSession, RoleName: string): Promise<string[]> {
  const doing = `reading inline policies for IAM role ${RoleName}`;
  const found = await send(doing, session.iam(), new ListRolePoliciesCommand({ RoleName }));
  return found.PolicyNames ?? [];
}

async function attachedArns(session: AwsSession, RoleName: string): Promise<string[]> {
  const doing = `reading IAM Policies attached to Role (${RoleName})`;
  const found = await send(doing, session.iam(), new ListAttachedRolePoliciesCommand({ RoleName }));
  return (found.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn as string);
}
