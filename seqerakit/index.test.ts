import * as commandPackage from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { RecordingMocks, useMocks, valueOf } from "../test/mocks.ts";
import { preflight, type SeqeraArgs, SeqeraPlatform } from "./index.ts";

const args: SeqeraArgs = {
  platformEndpoint: "https://api.cloud.seqera.io",
  organization: "nf-core",
  workspace: "AWSmegatests",
  credentialsName: "tower-awstest",
  region: "eu-west-1",
  bucket: "nf-core-awsmegatests",
  awsEndpoints: {},
  computeEnvironments: ["cpu", "gpu"].map((key) => `seqerakit/compute-envs/${key}.yml`),
  keyProbeSeconds: 120,
  computeEnvironmentSeconds: 1800,
  pollMilliseconds: 2000,
  handOver: false,
  afterPush: async () => {},
};
const secrets = { token: pulumi.secret("t0ken"), workspaceId: pulumi.secret("42") };
let mocks: RecordingMocks;

beforeEach(async () => {
  mocks = new RecordingMocks({
    "pulumi:providers:command": () => ({}),
    "AWSMegatests:seqerakit:SeqeraPlatform": () => ({}),
    "command:local:Command": (_, name) => ({
      stdout: JSON.stringify(
        name.endsWith("credentials")
          ? { credentialsId: "c1", accessKeyId: "AKIA1", status: "AVAILABLE", validated: 0 }
          : { computeEnvironmentId: `${name}-1`, name, status: "AVAILABLE" },
      ),
    }),
  });
  await useMocks(mocks);
});

const make = (accessKeyId = "AKIA1", changes: Partial<SeqeraArgs> = {}) =>
  new SeqeraPlatform(
    "seqera",
    { ...args, ...changes },
    { accessKeyId, secretAccessKey: pulumi.secret("s3cr3t") },
    secrets,
    { provider: new commandPackage.Provider("command") },
  );
const inputsOf = async (made: SeqeraPlatform) => {
  await valueOf(pulumi.output(made.computeEnvironmentIds));
  return Object.fromEntries(mocks.of("command:local:Command").map(({ name, inputs }) => [name, inputs]));
};

describe("SeqeraPlatform", () => {
  it("tells the ids that the steps printed", async () => {
    const made = make();
    expect(await valueOf(made.credentialsId)).toBe("c1");
    expect(await valueOf(pulumi.output(made.computeEnvironmentIds))).toEqual({
      cpu: "seqera-cpu-1",
      gpu: "seqera-gpu-1",
    });
    expect(Object.keys(made.computeEnvironmentIdsByName)).toEqual([
      "aws_ireland_fusionv2_nvme_cpu_snapshots",
      "aws_ireland_fusionv2_nvme_gpu_snapshots",
    ]);
  });

  it("changes nothing about a compute environment when the key is renewed", async () => {
    const before = await inputsOf(make("AKIA1"));
    mocks.registered.length = 0;
    const after = await inputsOf(make("AKIA2"));
    expect(after["seqera-cpu"]).toEqual(before["seqera-cpu"]);
    expect(after["seqera-credentials"]).not.toEqual(before["seqera-credentials"]);
    expect(after["seqera-credentials"]!["triggers"]).toEqual(before["seqera-credentials"]!["triggers"]);
  });

  it("replaces a compute environment when what it is made from changes", async () => {
    const cpu = { computeEnvironments: ["seqerakit/compute-envs/cpu.yml"] };
    const before = await inputsOf(make("AKIA1", cpu));
    mocks.registered.length = 0;
    const after = await inputsOf(make("AKIA1", { ...cpu, credentialsName: "other" }));
    expect(after["seqera-cpu"]!["triggers"]).not.toEqual(before["seqera-cpu"]!["triggers"]);
  });

  it("hands the key over again at every try of an unfinished rotation, whatever the state says", async () => {
    const occasions: unknown[] = [];
    for (const handOver of [false, false, true, true]) {
      mocks.registered.length = 0;
      const { environment } = (await inputsOf(make("AKIA1", { handOver })))["seqera-credentials"]!;
      occasions.push((environment as Record<string, unknown>)["HANDED_OVER_AGAIN"]);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(occasions.slice(0, 2)).toEqual(["", ""]);
    expect(new Set(occasions).size).toBe(3);
  });

  it("puts no secret into a command's text or request, and gives each step only what it needs", async () => {
    const inputs = await inputsOf(make());
    for (const { secrets } of mocks.of("command:local:Command")) expect(secrets).toEqual(["environment"]);
    for (const each of Object.values(inputs)) {
      const { environment, ...rest } = each as { environment: Record<string, unknown> };
      expect(JSON.stringify([rest, environment["MEGATESTS_REQUEST"]])).not.toMatch(/t0ken|s3cr3t/);
    }
    const names = (name: string) => Object.keys(inputs[name]!["environment"] as object).toSorted();
    expect(names("seqera-cpu")).toEqual(["MEGATESTS_REQUEST", "TOWER_ACCESS_TOKEN", "WORKSPACE_ID"]);
    expect(names("seqera-credentials")).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "HANDED_OVER_AGAIN",
      "MEGATESTS_REQUEST",
      "TOWER_ACCESS_TOKEN",
    ]);
  });

  it("runs the same commands on every machine", async () => {
    const { create, update, delete: remove } = (await inputsOf(make()))["seqera-cpu"]!;
    expect([create, update, remove]).toEqual([
      "node seqerakit/apply/main.ts compute-env",
      "node seqerakit/apply/main.ts compute-env",
      "node seqerakit/apply/main.ts remove-compute-env",
    ]);
  });

  it("stops with a clean error on a file it cannot use", () => {
    expect(() => make("AKIA1", { region: "us-east-1" })).toThrow(pulumi.RunError);
  });
});

describe("preflight", () => {
  it("is run again whenever a key is about to be renewed", async () => {
    const first = preflight(args, secrets, "deployment:AKIA1", {});
    await valueOf(first.stdout);
    const { environment, create, triggers } = mocks.one("command:local:Command").inputs as Record<
      string,
      unknown
    >;
    expect(environment).toMatchObject({ OCCASION: "deployment:AKIA1" });
    expect([create, triggers]).toEqual(["node seqerakit/apply/main.ts preflight", undefined]);
  });

  it("refuses a file it cannot use before anything is made", () => {
    const wrong = { ...args, computeEnvironments: ["seqerakit/compute-envs/tpu.yml"] };
    expect(() => preflight(wrong, secrets, "deployment:first", {})).toThrow(pulumi.RunError);
    expect(mocks.registered).toEqual([]);
  });
});
