import { CreateKeyPairCommand } from "@aws-sdk/client-ec2";
import { DeleteJobQueueCommand } from "@aws-sdk/client-batch";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startForgeWorld, type ForgeWorld } from "./world-for-tests.ts";

// A tenth of it on an idle machine.
vi.setConfig({ testTimeout: 60_000 });

let world: ForgeWorld;
beforeAll(async () => void (world = await startForgeWorld()), 180_000);
afterAll(() => world.close());
beforeEach(() => world.faults.clear());

/** AWS refuses so many calls of the action, in the words it has for a missing right. */
const deny = (action: string, times = 1) =>
  world.faults.add({ service: "aws", path: `^${action}$`, kind: "status", status: 403, times });

/** Holds so many calls of the action up, so that something can happen meanwhile. */
const delay = (action: string, times = 1) =>
  world.faults.add({ service: "aws", path: `^${action}$`, kind: "delay", milliseconds: 400, times });

const remove = (id: string) => world.call("DELETE", `/compute-envs/${id}`);

describe("a right that is missing", () => {
  it.each([
    ["ssm:GetParameters", "AccessDeniedException: Access Denied"],
    ["ec2:DescribeSubnets", "UnauthorizedOperation: You are not authorized to perform this operation."],
    ["iam:CreateRole", "AccessDenied: Access Denied"],
    ["iam:AttachRolePolicy", "AccessDenied: Access Denied"],
    ["iam:AddRoleToInstanceProfile", "AccessDenied: Access Denied"],
    ["ec2:CreateLaunchTemplate", "UnauthorizedOperation: You are not authorized to perform this operation."],
    ["batch:CreateComputeEnvironment", "AccessDeniedException: Access Denied"],
    ["batch:CreateJobQueue", "AccessDeniedException: Access Denied"],
  ])("ends it ERRORED with AWS's words, and nothing is left: %s", async (action, words) => {
    deny(action);
    const id = await world.add({});
    const { message, config } = await world.until(id, "ERRORED");
    expect(message).toBe(`Forge failed: ${words}`);
    expect(config).not.toHaveProperty("forgedResources");
    expect(await world.left()).toEqual([]);
    await world.dispose(id);
  });

  it("is named as AWS names it, by the key's own policies", async () => {
    await world.withoutRights("iam:PutRolePolicy");
    const id = await world.add({});
    const role = `arn:aws:iam::123456789012:role/TowerForge-${id}-InstanceRole`;
    expect((await world.until(id, "ERRORED")).message).toBe(
      `Forge failed: AccessDenied: User: arn:aws:iam::123456789012:user/TowerForge-user is not authorized to perform: iam:PutRolePolicy on resource: ${role} because no identity-based policy allows the iam:PutRolePolicy action`,
    );
    expect(await world.left()).toEqual([]);
    await world.withoutRights();
    await world.dispose(id);
  });

  it("to clear up leaves what it leaves, until the environment is deleted with the right", async () => {
    deny("batch:CreateJobQueue");
    deny("iam:DeleteRole", 2);
    const id = await world.add({});
    expect((await world.until(id, "ERRORED")).message).toBe(
      "Forge failed: AccessDeniedException: Access Denied",
    );
    expect(await world.left()).toHaveLength(2);
    await world.dispose(id);
    expect(await world.left()).toEqual([]);
  });

  it("to dispose of it ends it ERRORED, its service role stays, and a second deletion ends it", async () => {
    const id = await world.add({});
    await world.until(id, "AVAILABLE");
    deny("batch:DeleteComputeEnvironment", 2);
    await remove(id);
    expect((await world.until(id, "ERRORED")).message).toBe(
      "Deletion failed: AccessDeniedException: Access Denied",
    );
    expect(await world.left()).toEqual(
      expect.arrayContaining([`environment TowerForge-${id}-work`, `role TowerForge-${id}-ServiceRole`]),
    );
    await world.dispose(id);
    expect(await world.left()).toEqual([]);
  });
});

describe("AWS", () => {
  it("is asked again when it is busy", async () => {
    world.faults.add({ service: "aws", path: "^iam:CreateRole$", kind: "status", status: 503, times: 2 });
    world.faults.add({ service: "aws", path: "^batch:CreateJobQueue$", kind: "drop-before" });
    const id = await world.add({});
    await world.until(id, "AVAILABLE");
    await world.dispose(id);
    expect(await world.left()).toEqual([]);
  });

  it("names what a file has wrong", async () => {
    const words = async (forge: Parameters<ForgeWorld["add"]>[0]) => {
      const id = await world.add(forge);
      const { message } = await world.until(id, "ERRORED");
      await world.dispose(id);
      return message;
    };
    expect(await words({ instanceTypes: ["c6gd"] })).toBe(
      "Forge failed: The region has no x86_64 machines of c6gd",
    );
    expect(await words({ subnets: ["subnet-0123456789abcdef0"] })).toMatch(
      /^Forge failed: InvalidSubnetID\.NotFound: /,
    );
    expect(await words({ ec2KeyPair: "nobodys" })).toMatch(/^Forge failed: InvalidKeyPair\.NotFound: /);
    await world.admin.ec2.send(new CreateKeyPairCommand({ KeyName: "somebodys" }));
    const id = await world.add({ ec2KeyPair: "somebodys" });
    await world.until(id, "AVAILABLE");
    await world.dispose(id);
    expect(await world.left()).toEqual([]);
  });
});

describe("a deletion", () => {
  it("while it is made waits for its turn", async () => {
    delay("iam:CreateRole");
    const id = await world.add({});
    await expect.poll(() => world.left(), { timeout: 30_000 }).not.toEqual([]);
    await world.dispose(id);
    expect(await world.left()).toEqual([]);
  });

  it("finds some of it gone already", async () => {
    const id = await world.add({ efsCreate: true });
    await world.until(id, "AVAILABLE");
    await world.admin.batch.send(new DeleteJobQueueCommand({ jobQueue: `TowerForge-${id}-work` }));
    await world.dispose(id);
    expect(await world.left()).toEqual([]);
  });

  it("leaves all there where the file says so", async () => {
    const id = await world.add({ disposeOnDeletion: false });
    await world.until(id, "AVAILABLE");
    const before = await world.left();
    await world.dispose(id);
    expect(before).toHaveLength(10);
    expect(await world.left()).toEqual(before);
  });
});

it("work that was cut off is taken up where it ended", async () => {
  const before = await world.left();
  world.asked();
  delay("batch:CreateComputeEnvironment", 2);
  const id = await world.add({ efsCreate: true });
  const saved = await world.platform.snapshot();
  await expect.poll(() => world.asked(), { timeout: 30_000 }).toContain("batch:CreateComputeEnvironment");
  await world.platform.rest();
  const half = await world.left();
  expect(half).toContain(`template TowerForge-${id}`);
  expect(half).not.toContain(`queue TowerForge-${id}-head`);
  await world.platform.restore(saved);
  await world.until(id, "AVAILABLE");
  const rest = ["environment", "queue"].flatMap((kind) =>
    ["head", "work"].map((part) => `${kind} TowerForge-${id}-${part}`),
  );
  expect(await world.left()).toEqual([...new Set([...half, ...rest])].sort());
  await world.dispose(id);
  expect(await world.left()).toEqual(before);
});

it("a key that is gone makes and removes nothing", async () => {
  const id = await world.add({});
  await world.until(id, "AVAILABLE");
  const before = await world.left();
  await world.deleteKey();
  const unknown = "UnrecognizedClientException: The security token included in the request is invalid.";
  await remove(id);
  expect((await world.until(id, "ERRORED")).message).toBe(`Deletion failed: ${unknown}`);
  const other = await world.add({});
  expect((await world.until(other, "ERRORED")).message).toMatch(/^Forge failed: /);
  expect(await world.left()).toEqual(before);
});
