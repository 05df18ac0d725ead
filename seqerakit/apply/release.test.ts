import { describe, expect, it } from "vitest";
import { FakePlatform, someCredentials } from "../../test/fake-platform.ts";
import { preflight } from "./preflight.ts";
import { release } from "./release.ts";

const platform = { endpoint: "https://api.example.org", organization: "lab", workspace: "runs" };

describe("release", () => {
  it("lets a key go that nobody holds", async () => {
    const workspace = new FakePlatform();
    workspace.held = [
      someCredentials({ keys: { accessKey: "AKIANEW" } }),
      someCredentials({ id: "c2", keys: null }),
    ];
    await expect(release({ platform, accessKeyId: "AKIA1" }, workspace)).resolves.toBeUndefined();
  });

  it("keeps a key that any credentials hold", async () => {
    const workspace = new FakePlatform();
    workspace.held = [someCredentials()];
    await expect(release({ platform, accessKeyId: "AKIA1" }, workspace)).rejects.toThrow(
      new Error(`The access key stays: Seqera Platform would be left with a dead one.
  got:     AKIA1 in tower (c1)
  allowed: a key that no credentials on the Platform hold
  mend:    pulumi up, which hands the Platform the new key first; to remove all: tw credentials delete -i c1`),
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
