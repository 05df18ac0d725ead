import { beforeEach, describe, expect, it } from "vitest";
import { FakePlatform, someComputeEnv } from "../../test/fake-platform.ts";
import { removeComputeEnv, RETIRED } from "./remove-compute-env.ts";

const ID = "4DC7kLm9aaaabbbbccccdd";
const request = { spec: { name: "cpu" }, computeEnvironmentSeconds: 1, pollMilliseconds: 10 };
const DELETE = `tw compute-envs delete -i ${ID}`;
const RETIRE = [`edit ${ID} {"name":"cpu-retired-4DC7kLm9","description":"${RETIRED}"}`, `disable ${ID}`];
let platform: FakePlatform;
const remove = (mark?: string) =>
  removeComputeEnv(request, {
    workspace: platform,
    tools: platform,
    former: { computeEnvironmentId: ID, name: "cpu", status: "AVAILABLE", mark },
  });
const run = (computeEnvId = ID) => ({ id: "r1", name: "crazy_hopper", computeEnvId });

beforeEach(() => {
  platform = new FakePlatform();
  platform.envs = [someComputeEnv({ id: ID })];
});

describe("removeComputeEnv", () => {
  it("waits until it is gone", async () => {
    const [going] = platform.envs;
    platform.onCommand = () => {
      going!.status = "DELETING";
      setTimeout(() => (platform.envs = []), 50);
    };
    await remove();
    expect([platform.commands, platform.envs]).toEqual([[DELETE], []]);
  });

  it("has nothing to do where there is none", async () => {
    platform.envs = [];
    await remove();
    await removeComputeEnv(request, { workspace: platform, tools: platform, former: undefined });
    expect(platform.commands).toEqual([]);
  });

  it("gives the Platform's reason when it stays", async () => {
    const [staying] = platform.envs;
    platform.onCommand = () =>
      void Object.assign(staying!, { status: "ERRORED", message: "the queue is busy" });
    await expect(remove()).rejects.toThrow(
      new Error(`The compute environment cpu was not removed.
  got:     ERRORED: the queue is busy
  mend:    see it on Seqera Platform; then run the same command again`),
    );
  });

  it("leaves one on which runs are active under a name of its own, closed to new ones", async () => {
    platform.runs = [run()];
    await remove();
    expect(platform.commands).toEqual(RETIRE);
  });

  it("does the same where a run has begun meanwhile, so that the Platform refuses", async () => {
    platform.onCommand = (command) => {
      if (command !== DELETE) return;
      platform.runs = [run()];
      throw new Error("tw failed with exit code 1.");
    };
    await remove();
    expect(platform.commands).toEqual([DELETE, ...RETIRE]);
  });

  it("does not mind runs on others", async () => {
    platform.runs = [run("another")];
    platform.onCommand = () => void (platform.envs = []);
    await remove();
    expect(platform.commands).toEqual([DELETE]);
  });

  it("goes on where the deletion's answer was lost", async () => {
    platform.onCommand = () => {
      platform.envs = [];
      throw new Error("ERROR: Connection error.");
    };
    await expect(remove()).resolves.toBeUndefined();
  });

  it("fails where the Platform refuses for another reason", async () => {
    platform.onCommand = () => {
      throw new Error("tw failed with exit code 1.");
    };
    await expect(remove()).rejects.toThrow("tw failed with exit code 1.");
  });

  it("leaves alone what another command has taken over", async () => {
    platform.envs = [someComputeEnv({ id: ID, description: "for all [0a1b2c3d]" })];
    await remove();
    await remove("ffffffff");
    expect(platform.commands).toEqual([]);
    platform.onCommand = () => void (platform.envs = []);
    await remove("0a1b2c3d");
    expect(platform.commands).toEqual([DELETE]);
  });
});
