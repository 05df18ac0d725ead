import { beforeEach, describe, expect, it } from "vitest";
import { FakePlatform, someComputeEnv } from "../../test/fake-platform.ts";
import { sweepRetired } from "./retired.ts";

const limits = { computeEnvironmentSeconds: 1, pollMilliseconds: 10 };
const retired = (id: string, changes: object = {}) =>
  someComputeEnv({ id, name: `cpu-retired-${id.slice(0, 8)}`, status: "DISABLED", ...changes });
let platform: FakePlatform;
const sweep = (former?: string) =>
  sweepRetired(limits, { workspace: platform, tools: platform }, ["c1", former]);

beforeEach(() => {
  platform = new FakePlatform();
  platform.onCommand = (command) => {
    platform.envs = platform.envs.filter(({ id }) => command !== `tw compute-envs delete -i ${id}`);
  };
});

describe("sweepRetired", () => {
  it("deletes what is free, and tells what is not, and why", async () => {
    platform.envs = [retired("aaaaaaaa1"), retired("bbbbbbbb2")];
    platform.runs = [{ id: "r1", name: "crazy_hopper", computeEnvId: "bbbbbbbb2" }];
    expect(await sweep()).toEqual({
      "cpu-retired-bbbbbbbb": { id: "bbbbbbbb2", because: "runs are active on it: crazy_hopper" },
    });
    expect(platform.commands).toEqual(["tw compute-envs delete -i aaaaaaaa1"]);
  });

  it("tells what the Platform could not delete, and fails for none of it", async () => {
    platform.envs = [retired("aaaaaaaa1")];
    platform.onCommand = () =>
      void Object.assign(platform.envs[0]!, { status: "ERRORED", message: "the queue is busy" });
    expect(await sweep()).toEqual({
      "cpu-retired-aaaaaaaa": {
        id: "aaaaaaaa1",
        because:
          "The compute environment cpu-retired-aaaaaaaa was not removed.; got:     ERRORED: the queue is busy; mend:    see it on Seqera Platform; then run the same command again",
      },
    });
  });

  it.each([
    ["has the name, and another id", someComputeEnv({ name: "cpu-retired-bbbbbbbb" })],
    ["works by other credentials", retired("aaaaaaaa1", { credentialsId: "c9" })],
    ["is in use", someComputeEnv()],
  ])("leaves alone what %s", async (_, env) => {
    platform.envs = [env];
    expect([await sweep(), platform.commands]).toEqual([{}, []]);
  });

  it("gives those of credentials that are gone the ones in use, by which they can be disposed of", async () => {
    platform.envs = [retired("aaaaaaaa1", { credentialsId: "dead" })];
    expect(await sweep("dead")).toEqual({});
    expect(platform.commands).toEqual([
      'edit aaaaaaaa1 {"credentialsId":"c1"}',
      "tw compute-envs delete -i aaaaaaaa1",
    ]);
  });
});
