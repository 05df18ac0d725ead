/**
 * IAM calls of the aws stand-in: those that the real provider needs rights for, in the same situations, for a policy for
 * deployments is measured by them. A call made again, which takes no further right, is left out.
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/iam
 */
import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resource, startRecorded, unique, type Recorded } from "./calls-for-tests.ts";

let recorded: Recorded;
beforeAll(async () => {
  recorded = await startRecorded();
}, 120_000);
afterAll(() => recorded.close());

const document = (action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});

describe("IAM calls", { timeout: 30_000 }, () => {
  it("of a user", async () => {
    const user = resource("aws:iam/user:User", recorded);
    const name = unique();
    expect(await user.create({ name, tags: { a: "1", b: "1" } })).toEqual(["CreateUser", "GetUser"]);
    expect(await user.read()).toEqual(["GetUser"]);
    expect(await user.update({ tags: { a: "2" } })).toEqual(["GetUser", "TagUser", "UntagUser"]);
    expect(await user.update({ path: "/p/" })).toEqual(["GetUser", "UpdateUser"]);
    const GroupName = unique();
    await recorded.session.iam().send(new CreateGroupCommand({ GroupName }));
    await recorded.session.iam().send(new AddUserToGroupCommand({ GroupName, UserName: name }));
    expect(await user.delete()).toEqual(["DeleteUser", "ListGroupsForUser", "RemoveUserFromGroup"]);
    expect(await user.delete()).toEqual(["DeleteUser", "ListGroupsForUser"]);
  });

  it("of a policy", async () => {
    const policy = resource("aws:iam/policy:Policy", recorded);
    const whole = ["GetPolicy", "GetPolicyVersion"];
    expect(await policy.create({ name: unique(), policy: document("s3:a"), tags: { a: "1" } })).toEqual([
      "CreatePolicy",
      ...whole,
    ]);
    expect(await policy.read()).toEqual(whole);
    expect(await policy.update({ tags: {} })).toEqual([...whole, "UntagPolicy"]);
    const changed = ["CreatePolicyVersion", ...whole, "ListPolicyVersions"];
    for (const action of ["s3:b", "s3:c", "s3:d", "s3:e"])
      expect(await policy.update({ policy: document(action) })).toEqual(changed);
    expect(await policy.update({ policy: document("s3:f") })).toEqual(
      [...changed, "DeletePolicyVersion"].sort(),
    );
    const versions = Array.from({ length: 4 }, () => "DeletePolicyVersion");
    expect(await policy.delete()).toEqual(["DeletePolicy", ...versions, "ListPolicyVersions"]);
  });

  it("of an access key", async () => {
    const user = resource("aws:iam/user:User", recorded);
    await user.create({ name: unique() });
    const key = resource("aws:iam/accessKey:AccessKey", recorded);
    expect(await key.create({ user: user.id() })).toEqual(["CreateAccessKey"]);
    expect(await key.read()).toEqual(["ListAccessKeys"]);
    expect(await key.import()).toEqual(["GetAccessKeyLastUsed", "ListAccessKeys"]);
    expect(await key.update({ status: "Inactive" })).toEqual(["ListAccessKeys", "UpdateAccessKey"]);
    expect(await key.delete()).toEqual(["DeleteAccessKey"]);
  });

  it.each([
    ["User", { name: unique() }, {}],
    ["Role", { name: unique() }, { assumeRolePolicy: trust }],
  ])("of a policy on a %s", async (kind, named, given) => {
    const holder = kind.toLowerCase();
    const [holding, policy] = [
      resource(`aws:iam/${holder}:${kind}`, recorded),
      resource("aws:iam/policy:Policy", recorded),
    ];
    await holding.create({ ...named, ...given });
    await policy.create({ name: unique(), policy: document("s3:a") });
    const attachment = resource(`aws:iam/${holder}PolicyAttachment:${kind}PolicyAttachment`, recorded);
    const list = `ListAttached${kind}Policies`;
    const created = await attachment.create({ [holder]: holding.id(), policyArn: policy.id() });
    expect(created).toEqual([`Attach${kind}Policy`, list]);
    expect(await attachment.read()).toEqual([list]);
    expect(await attachment.delete()).toEqual([`Detach${kind}Policy`]);
  });

  it("of a role", async () => {
    const role = resource("aws:iam/role:Role", recorded);
    const RoleName = unique();
    const whole = ["GetRole", "ListAttachedRolePolicies", "ListRolePolicies"];
    expect(await role.create({ name: RoleName, assumeRolePolicy: trust })).toEqual(["CreateRole", ...whole]);
    expect(await role.update({ tags: { a: "1" } })).toEqual([...whole, "TagRole"]);
    expect(await role.update({ description: "d" })).toEqual([...whole, "UpdateRoleDescription"]);
    expect(await role.update({ maxSessionDuration: 7200 })).toEqual([...whole, "UpdateRole"]);
    const { Tags } = await recorded.session.iam().send(new ListRoleTagsCommand({ RoleName }));
    expect([Tags, role.outs()]).toMatchObject([
      [{ Key: "a", Value: "1" }],
      { description: "d", maxSessionDuration: 7200, inlinePolicies: [], managedPolicyArns: [] },
    ]);
    expect(await role.delete()).toEqual(["DeleteRole", "ListInstanceProfilesForRole"]);
  });

  it("of a role whose policies a read has seen, and that is in an instance profile", async () => {
    const [role, policy] = [
      resource("aws:iam/role:Role", recorded),
      resource("aws:iam/policy:Policy", recorded),
    ];
    const [RoleName, InstanceProfileName] = [unique(), unique()];
    await role.create({ name: RoleName, assumeRolePolicy: trust });
    await policy.create({ name: unique(), policy: document("s3:a") });
    const iam = recorded.session.iam();
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policy.id() }));
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument: document("s3:b") }),
    );
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
    const whole = ["GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies"];
    expect(await role.read()).toEqual(whole);
    expect(role.outs()).toMatchObject({
      inlinePolicies: [{ name: "own", policy: document("s3:b") }],
      managedPolicyArns: [policy.id()],
    });
    expect(await role.delete()).toEqual([
      "DeleteRole",
      "DeleteRolePolicy",
      "DetachRolePolicy",
      "ListAttachedRolePolicies",
      "ListInstanceProfilesForRole",
      "ListRolePolicies",
      "RemoveRoleFromInstanceProfile",
    ]);
  });
});
