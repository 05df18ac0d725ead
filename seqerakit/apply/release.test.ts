import { describe, expect, it } from "vitest";
import { FakePlatform, someComputeEnv, someCredentials, SOMEWHERE } from "../../test/fake-platform.ts";
import { preflight } from "./preflight.ts";
import { release } from "./release.ts";

const platform = SOMEWHERE;
const request = {
  platform,
  credentialsName: "tower",
  held: { accessKeyId: "AKIA1" },
  pollMilliseconds: 10,
};

describe("release", () => {
  it("lets a key go that nobody holds", async () => {
    const workspace = new FakePlatform();
    workspace.held = [
      someCredentials({ keys: { accessKey: "AKIANEW" } }),
      someCredentials({ id: "c2", keys: null }),
    ];
    await expect(release(request, workspace)).resolves.toBeUndefined();
  });

  it("keeps a key that any credentials hold", async () => {
    const workspace = new FakePlatform();
    workspace.held = [someCredentials()];
    await expect(release(request, workspace)).rejects.toThrow(
      new Error(`The access key stays: Seqera Platform would be left with a dead one.
  got:     AKIA1 in tower (c1)
  allowed: a key that no credentials on the Platform hold
  mend:    pulumi up, which hands the Platform the new key first; to remove all: tw credentials delete -i c1`),
    );
  });

  it("keeps a role that any credentials assume, and lets it go then", async () => {
    const roleArn = "arn:aws:iam::123456789012:role/Seqera";
    const workspace = new FakePlatform();
    workspace.held = [
      someCredentials(),
      someCredentials({ id: "c2", name: "tower-Seqera", keys: { assumeRoleArn: roleArn } }),
    ];
    const byRole = { ...request, held: { roleArn } };
    await expect(release(byRole, workspace)).rejects.toThrow(
      new Error(`The role stays: Seqera Platform would be left without it.
  got:     ${roleArn} in tower-Seqera (c2)
  allowed: a role that no credentials on the Platform assume
  mend:    pulumi up, which has the Platform work by what comes in its place first; to remove all: tw credentials delete -i c2`),
    );
    workspace.held.pop();
    await expect(release(byRole, workspace)).resolves.toBeUndefined();
  });

  it("keeps a key while the stack's own credentials do not work without it", async () => {
    const workspace = new FakePlatform();
    workspace.held = [someCredentials({ keys: { accessKey: "AKIANEW" } })];
    workspace.validations = { c1: { status: "INVALID", message: "InvalidClientTokenId" } };
    await expect(release(request, workspace)).rejects.toThrow(
      new Error(`The access key AKIA1 stays: the credentials c1 on Seqera Platform do not work without it.
  got:     INVALID: InvalidClientTokenId
  allowed: AVAILABLE
  mend:    put right what the Platform names; then: pulumi up`),
    );
  });

  it("keeps a key while a compute environment is INVALID, unless it is somebody else's or was replaced", async () => {
    const workspace = new FakePlatform();
    workspace.held = [someCredentials({ keys: { accessKey: "AKIANEW" } })];
    const invalid = { status: "INVALID", message: "the queue is gone" };
    workspace.envs = [
      someComputeEnv({ ...invalid, id: "e2", credentialsId: "c9" }),
      someComputeEnv({ ...invalid, id: "e3", name: "cpu-retired-e3" }),
    ];
    await expect(release(request, workspace)).resolves.toBeUndefined();
    workspace.envs.push(someComputeEnv(invalid));
    await expect(release(request, workspace)).rejects.toThrow(
      new Error(`The access key AKIA1 stays: compute environments on Seqera Platform do not work without it.
  got:     cpu (e1) INVALID: the queue is gone
  allowed: AVAILABLE
  mend:    pulumi up, which has the Platform try them again`),
    );
  });
});

describe("preflight", () => {
  it("asks both tools who they are, and gives the workspace's id", async () => {
    const workspace = new FakePlatform();
    const answer = await preflight({ platform }, { workspace, tools: workspace, expectedId: " 42\n" });
    expect([answer, workspace.commands]).toEqual([
      { workspaceId: 42 },
      ["tw --version", "seqerakit --version"],
    ]);
  });

  it("refuses another workspace than the one 1Password means", async () => {
    const workspace = new FakePlatform();
    await expect(preflight({ platform }, { workspace, tools: workspace, expectedId: "7" })).rejects.toThrow(
      new Error(`The workspace's id on Seqera Platform is not the one in 1Password.
  got:     42 for lab/runs on the Platform
  allowed: the same id in the 1Password item named by AWSMegatests:seqeraItem
  mend:    correct the item's field in 1Password, or: pulumi config set AWSMegatests:workspace NAME`),
    );
    expect(workspace.commands).toEqual([]);
  });
});
