import { parse } from "yaml";
import { beforeEach, describe, expect, it } from "vitest";
import { FakePlatform, someCredentials } from "../../test/fake-platform.ts";
import { applyComputeEnv, matches, removeComputeEnv } from "./compute-env.ts";
import type { ComputeEnvironmentRequest } from "./request.ts";

const config = {
  region: "eu-west-1",
  waveEnabled: true,
  forge: { maxCpus: 500, gpuEnabled: false, subnets: [] },
};
const request: ComputeEnvironmentRequest = {
  platform: { endpoint: "https://api.example.org", organization: "lab", workspace: "runs" },
  credentialsName: "tower",
  spec: { name: "cpu", entry: {}, config },
  computeEnvironmentSeconds: 1,
  pollMilliseconds: 10,
};
let platform: FakePlatform;
const context = (formerId?: string) => ({ workspace: platform, tools: platform, formerId });
const env = (changes: object = {}) => ({
  id: "e1",
  name: "cpu",
  status: "AVAILABLE",
  credentialsId: "c1",
  config,
  ...changes,
});
/** The Platform makes what seqerakit asks for. */
const making = () => {
  platform.onCommand = (command) => {
    if (!command.startsWith("seqerakit")) return;
    const entry = (parse(platform.rendered) as { "compute-envs": { name: string }[] })["compute-envs"][0]!;
    platform.envs.push(env({ id: "new", name: entry.name }));
  };
};

beforeEach(() => {
  platform = new FakePlatform();
  platform.held = [someCredentials()];
});

describe("applyComputeEnv", () => {
  it("makes what is not there", async () => {
    making();
    expect(await applyComputeEnv(request, context())).toEqual({
      computeEnvironmentId: "new",
      name: "cpu",
      status: "AVAILABLE",
    });
    expect(platform.commands).toEqual(["seqerakit compute-env.yml"]);
    expect(parse(platform.rendered)).toEqual({
      "compute-envs": [
        {
          name: "cpu",
          workspace: "$TOWER_ORGANIZATION/$TOWER_WORKSPACE",
          credentials: "$TOWER_CREDENTIALS",
          "file-path": "./compute-env.json",
          on_exists: "ignore",
        },
      ],
    });
  });

  it("takes what a former try has made, though its answer was lost", async () => {
    platform.envs = [env()];
    expect((await applyComputeEnv(request, context())).computeEnvironmentId).toBe("e1");
    expect(platform.commands).toEqual([]);
  });

  it("waits for one that is still being made", async () => {
    const made = env({ status: "CREATING" });
    platform.envs = [made];
    setTimeout(() => (made.status = "AVAILABLE"), 50);
    expect((await applyComputeEnv(request, context())).status).toBe("AVAILABLE");
  });

  it("makes a successor beside a predecessor with other settings, under the same name at every try", async () => {
    const predecessor = env({ config: { ...config, forge: { ...config.forge, maxCpus: 1 } } });
    const names: string[] = [];
    for (const _try of [1, 2]) {
      platform.envs = [predecessor];
      making();
      names.push((await applyComputeEnv(request, context())).name);
      expect(platform.envs).toContain(predecessor);
    }
    expect(names).toEqual([expect.stringMatching(/^cpu-[0-9a-f]{8}$/), names[0]]);
  });

  it("makes anew what a former try left ERRORED", async () => {
    platform.envs = [env({ status: "ERRORED" })];
    platform.onCommand = (command) => {
      platform.envs = command.startsWith("tw compute-envs delete -i e1") ? [] : [env({ id: "new" })];
    };
    expect((await applyComputeEnv(request, context())).computeEnvironmentId).toBe("new");
    expect(platform.commands).toEqual(["tw compute-envs delete -i e1", "seqerakit compute-env.yml"]);
  });

  it("gives the Platform's reason when it ends ERRORED", async () => {
    platform.onCommand = () => {
      platform.envs = [env({ status: "ERRORED", message: "not authorized to perform: iam:CreateRole" })];
    };
    await expect(applyComputeEnv(request, context())).rejects.toThrow(
      new Error(`The compute environment cpu was not made.
  got:     ERRORED: not authorized to perform: iam:CreateRole
  allowed: AVAILABLE within 1 seconds
  mend:    put right what the Platform names; then: pulumi up`),
    );
  });

  it("does not wait for ever", async () => {
    platform.envs = [env({ status: "CREATING" })];
    await expect(applyComputeEnv(request, context())).rejects.toThrow("got:     CREATING\n");
  });

  it("checks the one it made before, whatever its name", async () => {
    platform.envs = [env({ name: "renamed" })];
    expect((await applyComputeEnv(request, context("e1"))).name).toBe("renamed");
    platform.validations = { e1: { status: "INVALID", message: "the key is refused" } };
    await expect(applyComputeEnv(request, context("e1"))).rejects.toThrow(
      new Error(`The compute environment renamed (e1) on Seqera Platform does not work.
  got:     INVALID: the key is refused
  allowed: AVAILABLE
  mend:    put right what the Platform names; then: pulumi up`),
    );
  });

  it("does not guess between credentials of one name", async () => {
    platform.held = [someCredentials(), someCredentials({ id: "c2" })];
    await expect(applyComputeEnv(request, context())).rejects.toThrow(
      new Error(`The compute environment's credentials are not to be told apart on Seqera Platform.
  got:     c1, c2
  allowed: one set of AWS credentials named tower
  mend:    delete or rename the others on Seqera Platform; then: pulumi up`),
    );
  });
});

describe("removeComputeEnv", () => {
  const limits = { computeEnvironmentSeconds: 1, pollMilliseconds: 10 };

  it("waits until it is gone", async () => {
    const going = env();
    platform.envs = [going];
    platform.onCommand = () => {
      going.status = "DELETING";
      setTimeout(() => (platform.envs = []), 50);
    };
    await removeComputeEnv(limits, context("e1"));
    expect([platform.commands, platform.envs]).toEqual([["tw compute-envs delete -i e1"], []]);
  });

  it("has nothing to do where there is none", async () => {
    await removeComputeEnv(limits, context("e1"));
    await removeComputeEnv(limits, context());
    expect(platform.commands).toEqual([]);
  });

  it("gives the Platform's reason when it stays", async () => {
    const staying = env();
    platform.envs = [staying];
    platform.onCommand = () =>
      void Object.assign(staying, { status: "ERRORED", message: "the queue is busy" });
    await expect(removeComputeEnv(limits, context("e1"))).rejects.toThrow(
      new Error(`The compute environment cpu was not removed.
  got:     ERRORED: the queue is busy
  mend:    see it on Seqera Platform; then run the same command again`),
    );
  });
});

describe("matches", () => {
  it.each([
    ["the same", config, true],
    ["more than asked for", { ...config, cliPath: "/x", forge: { ...config.forge, type: "SPOT" } }, true],
    [
      "what is false or empty left out",
      { region: "eu-west-1", waveEnabled: true, forge: { maxCpus: 500 } },
      true,
    ],
    ["what is true left out", { ...config, waveEnabled: undefined }, false],
    ["another number", { ...config, forge: { ...config.forge, maxCpus: 1 } }, false],
    ["more in a list", { ...config, forge: { ...config.forge, subnets: ["subnet-1"] } }, false],
    ["nothing", undefined, false],
  ])("%s", (_, found, same) => {
    expect(matches(found, config)).toBe(same);
  });
});
