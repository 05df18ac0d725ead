/** Making and removing roles and the instance profile. */
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { together, unlessMissing } from "./answers.ts";
import { type Job, tagList } from "./job.ts";
import type { RoleName } from "./names.ts";
import { ROLE_NAMES, type RoleKind, roleKinds, trustIn } from "./role-kinds.ts";

/** ARNs of what was made. */
export interface MadeRoles {
  roles: Partial<Record<RoleName, string>>;
  instanceProfile: string;
}

const MISSING = ["NoSuchEntityException"];
/** Somebody was faster: this work itself, before a restart or with an answer that was lost. */
const THERE = ["EntityAlreadyExistsException"];
/** An instance profile takes one role, and has it. */
const FULL = ["LimitExceededException"];
const OWN_POLICY = "nextflow-policy";

/** Makes all roles side by side, then the profile that hands the instance role to machines. */
export async function makeRoles(job: Job): Promise<MadeRoles> {
  const made = await together(
    roleKinds(job).map(async (kind) => [kind.name, await makeRole(job, kind)] as const),
  );
  return { roles: Object.fromEntries(made), instanceProfile: await makeInstanceProfile(job) };
}

/** The profile first, for a role that lies in one is not deleted. */
export async function removeRoles(job: Job): Promise<void> {
  await removeInstanceProfile(job);
  await together(ROLE_NAMES.map((name) => removeRole(job, job.names.role(name))));
}

async function makeRole(job: Job, { name, service, managed, own }: RoleKind): Promise<string> {
  const { iam } = job;
  const RoleName = job.names.role(name);
  const there = await unlessMissing(MISSING, iam.send(new GetRoleCommand({ RoleName })));
  const AssumeRolePolicyDocument = JSON.stringify(trustIn(service));
  const role =
    there ??
    (await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Tags: tagList(job) })));
  for (const policy of managed) {
    const PolicyArn = `arn:aws:iam::aws:policy/${policy}`;
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  if (own !== undefined) {
    const PolicyDocument = JSON.stringify(own);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: OWN_POLICY, PolicyDocument }));
  }
  return role.Role?.Arn ?? "";
}

async function makeInstanceProfile(job: Job): Promise<string> {
  const { iam, names } = job;
  const InstanceProfileName = names.instanceProfile;
  const role = { InstanceProfileName, RoleName: names.role("InstanceRole") };
  const create = new CreateInstanceProfileCommand({ InstanceProfileName, Tags: tagList(job) });
  await unlessMissing(THERE, iam.send(create));
  await unlessMissing(FULL, iam.send(new AddRoleToInstanceProfileCommand(role)));
  return InstanceProfileName;
}

async function removeInstanceProfile({ iam, names }: Job): Promise<void> {
  const InstanceProfileName = names.instanceProfile;
  const role = { InstanceProfileName, RoleName: names.role("InstanceRole") };
  await unlessMissing(MISSING, iam.send(new RemoveRoleFromInstanceProfileCommand(role)));
  await unlessMissing(MISSING, iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName })));
}

async function removeRole({ iam }: Job, RoleName: string): Promise<void> {
  const attached = await unlessMissing(MISSING, iam.send(new ListAttachedRolePoliciesCommand({ RoleName })));
  if (attached === undefined) return;
  for (const { PolicyArn } of attached.AttachedPolicies ?? [])
    await unlessMissing(MISSING, iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of PolicyNames)
    await unlessMissing(MISSING, iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  await unlessMissing(MISSING, iam.send(new DeleteRoleCommand({ RoleName })));
}
