import { parse } from "yaml";
import { beforeEach, describe, expect, it } from "vitest";
import { FakePlatform, someComputeEnv, someCredentials, SOMEWHERE } from "../../test/fake-platform.ts";
import { applyComputeEnv } from "./compute-env.ts";
import type { ComputeEnvironmentRequest, ComputeEnvironmentSpec } from "./request.ts";

const config = {
  region: "eu-west-1",
  waveEnabled: true,
  forge: { maxCpus: 500, gpuEnabled: false, subnets: [] },
};
const request: ComputeEnvironmentRequest = {
  platform: SOMEWHERE,
  credentialsName: "tower",
  spec: { name: "cpu", primary: false, labels: [], config },
  computeEnvironmentSeconds: 1,
  pollMilliseconds: 10,
};
let platform: FakePlatform;
const context = (formerId?: string, mark?: string) => ({
  workspace: platform,
  tools: platform,
  former:
    formerId === undefined
      ? undefined
      : ({ computeEnvironmentId: formerId, name: "cpu", status: "AVAILABLE", mark } as const),
});
const env = (changes: object = {}) => someComputeEnv({ config, ...changes });
const asking = (changes: Partial<ComputeEnvironmentSpec>) => ({
  ...request,
  spec: { ...request.spec, ...changes },
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

  it("takes what a former try has made, though its answer was lost, and says on it that it is its own", async () => {
    platform.envs = [env()];
    const { computeEnvironmentId, mark } = await applyComputeEnv(request, context());
    expect([computeEnvironmentId, mark]).toEqual(["e1", expect.stringMatching(/^[0-9a-f]{8}$/)]);
    expect(platform.commands).toEqual([`edit e1 {"description":"[${mark}]"}`]);
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

  it("checks the one it made before, and changes nothing about it", async () => {
    platform.envs = [env({ description: "for all" })];
    expect(await applyComputeEnv(request, context("e1"))).toEqual({
      computeEnvironmentId: "e1",
      name: "cpu",
      status: "AVAILABLE",
    });
    expect(platform.commands).toEqual([]);
    platform.validations = { e1: { status: "INVALID", message: "the key is refused" } };
    await expect(applyComputeEnv(request, context("e1"))).rejects.toThrow(
      new Error(`The compute environment cpu (e1) on Seqera Platform does not work.
  got:     INVALID: the key is refused
  allowed: AVAILABLE
  mend:    put right what the Platform names; then: pulumi up`),
    );
  });

  it("edits in place what differs, and only that", async () => {
    platform.envs = [env({ name: "renamed", credentialsId: "dead", description: "old" })];
    const asked = asking({ description: "for all", primary: true });
    expect((await applyComputeEnv(asked, context("e1"))).computeEnvironmentId).toBe("e1");
    expect(platform.commands).toEqual([
      'edit e1 {"name":"cpu","description":"for all","credentialsId":"c1"}',
      "tw compute-envs primary set -i e1",
    ]);
  });

  it("enables one that somebody has disabled", async () => {
    platform.envs = [env({ status: "DISABLED" })];
    await applyComputeEnv(request, context("e1"));
    expect(platform.commands).toEqual(["enable e1"]);
  });

  it.each([
    ["cpu-0a1b2c3d", "cpu-0a1b2c3d", "keeps its addition while its own name is taken"],
    [
      "mine",
      expect.stringMatching(/^cpu-[0-9a-f]{8}$/),
      "is given an addition where somebody has renamed it",
    ],
  ])("%s: %s", async (name, expected) => {
    platform.envs = [env({ name }), env({ id: "other" })];
    expect((await applyComputeEnv(request, context("e1"))).name).toEqual(expected);
  });

  it("goes by its own name once that is free", async () => {
    platform.envs = [env({ name: "cpu-0a1b2c3d" })];
    expect((await applyComputeEnv(request, context("e1"))).name).toBe("cpu");
    expect(platform.commands).toEqual(['edit e1 {"name":"cpu"}']);
  });

  it.each(["DELETING", "ERRORED"])("makes another where the one it made is %s", async (status) => {
    making();
    platform.envs = [env({ status, config: {} })];
    const { name, computeEnvironmentId } = await applyComputeEnv(request, context("e1"));
    expect([name, computeEnvironmentId]).toEqual([expect.stringMatching(/^cpu-[0-9a-f]{8}$/), "new"]);
  });

  it("describes and labels what it makes, and makes it the primary one", async () => {
    making();
    await applyComputeEnv(
      asking({ description: "for all", primary: true, labels: ["a=b", "c=d"] }),
      context(),
    );
    expect(parse(platform.rendered)).toMatchObject({ "compute-envs": [{ labels: "a=b,c=d" }] });
    expect(platform.rendered).not.toMatch(/description|primary/);
    expect(platform.commands).toEqual([
      "seqerakit compute-env.yml",
      'edit new {"description":"for all"}',
      "tw compute-envs primary set -i new",
    ]);
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
