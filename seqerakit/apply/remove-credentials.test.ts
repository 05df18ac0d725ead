import { beforeEach, describe, expect, it } from "vitest";
import { FakePlatform, someComputeEnv, someCredentials } from "../../test/fake-platform.ts";
import { removeCredentials } from "./remove-credentials.ts";

const limits = { computeEnvironmentSeconds: 1, pollMilliseconds: 10 };
let platform: FakePlatform;
const remove = (formerId?: string) =>
  removeCredentials(limits, { workspace: platform, tools: platform, formerId });

beforeEach(() => {
  platform = new FakePlatform();
  platform.held = [someCredentials()];
  platform.onCommand = (command) => {
    if (command === "tw credentials delete -i c1") platform.held = [];
    platform.envs = platform.envs.filter(({ id }) => command !== `tw compute-envs delete -i ${id}`);
  };
});

describe("removeCredentials", () => {
  it("removes the stack's own, once", async () => {
    await remove("c1");
    await remove("c1");
    await remove();
    expect(platform.commands).toEqual(["tw credentials delete -i c1"]);
  });

  it("leaves them while somebody's compute environment works by them", async () => {
    platform.envs = [someComputeEnv({ id: "e9", name: "mine" })];
    await expect(remove("c1")).rejects.toThrow(
      new Error(`The credentials are still used by compute environments, so they stay, and their key or role with them.
  got:     mine (e9)
  mend:    delete these on Seqera Platform, or give them other credentials; then again: pulumi up, or pulumi destroy --run-program`),
    );
  });

  it("deletes first what was replaced and is free", async () => {
    platform.envs = [someComputeEnv({ name: "cpu-retired-e1" })];
    await remove("c1");
    expect(platform.commands).toEqual(["tw compute-envs delete -i e1", "tw credentials delete -i c1"]);
  });

  it("names the runs for which what was replaced stays", async () => {
    platform.envs = [someComputeEnv({ name: "cpu-retired-e1" })];
    platform.runs = [{ id: "r1", name: "crazy_hopper", computeEnvId: "e1" }];
    await expect(remove("c1")).rejects.toThrow(
      new Error(`The credentials are still used by compute environments, so they stay, and their key or role with them.
  got:     cpu-retired-e1 (e1): runs are active on it: crazy_hopper
  mend:    wait until the runs have ended, or: tw runs cancel -i ID; then again: pulumi up, or pulumi destroy --run-program`),
    );
    expect(platform.commands).toEqual([]);
  });

  it("goes on where the answer was lost, and fails where the Platform refuses", async () => {
    const deleted = platform.onCommand;
    platform.onCommand = () => {
      throw new Error("tw failed with exit code 1.");
    };
    await expect(remove("c1")).rejects.toThrow("tw failed with exit code 1.");
    platform.onCommand = async (command) => {
      await deleted(command);
      throw new Error("ERROR: Connection error.");
    };
    await expect(remove("c1")).resolves.toBeUndefined();
  });
});
