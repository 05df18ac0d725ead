import * as commandPackage from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { appendFileSync, cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { RecordingMocks, useMocks, valueOf } from "../test/mocks.ts";
import { SEQERA_ARGS, seqeraStates } from "../test/seqera-args.ts";
import { offerRole, preflight, type SeqeraArgs, SeqeraPlatform } from "./index.ts";

const args = SEQERA_ARGS;
const secrets = { token: pulumi.secret("t0ken"), workspaceId: pulumi.secret("42") };
let mocks: RecordingMocks;

beforeEach(async () => {
  mocks = new RecordingMocks(seqeraStates);
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

  it("tells which compute environments were replaced and are still there", async () => {
    const retired = { "cpu-retired-e9": { id: "e9", because: "runs are active on it: crazy_hopper" } };
    const command = seqeraStates["command:local:Command"]!;
    mocks = new RecordingMocks({
      ...seqeraStates,
      "command:local:Command": (inputs, name) => {
        const { stdout } = command(inputs, name) as { stdout: string };
        return { stdout: stdout.replace('"retired":{}', `"retired":${JSON.stringify(retired)}`) };
      },
    });
    await useMocks(mocks);
    expect(await valueOf(make().retiredComputeEnvironmentIds)).toEqual({ "cpu-retired-e9": "e9" });
  });

  it.each<[string, Partial<SeqeraArgs>, string[]]>([
    ["nothing differs", {}, []],
    ["the key is to be handed over", { handOver: true }, ["seqera-credentials"]],
    [
      "a look has found that credentials differ",
      { look: { credentials: "there are no credentials", computeEnvs: {} } },
      ["seqera-credentials"],
    ],
    [
      "a look has found that a compute environment differs",
      { look: { credentials: undefined, computeEnvs: { gpu: "there is no compute environment" } } },
      ["seqera-gpu"],
    ],
  ])("runs steps again, whatever the state says, at every try: %s", async (_, changes, again) => {
    const occasions: Record<string, unknown>[] = [];
    for (let time = 0; time < 2; time++) {
      mocks.registered.length = 0;
      const all = await inputsOf(make("AKIA1", changes));
      occasions.push(
        Object.fromEntries(
          Object.entries(all).map(([name, { environment }]) => [
            name,
            (environment as Record<string, unknown>)["AGAIN"],
          ]),
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const [first, second] = occasions as [Record<string, unknown>, Record<string, unknown>];
    for (const name of Object.keys(first)) {
      expect(first[name] !== "").toBe(again.includes(name));
      expect(first[name] !== second[name]).toBe(again.includes(name));
    }
  });

  it("refuses two primary compute environments", () => {
    const folder = mkdtempSync(join(tmpdir(), "primary-"));
    cpSync("seqerakit/compute-envs", folder, { recursive: true });
    const computeEnvironments = ["cpu.yml", "gpu.yml"].map((file) => join(folder, file));
    for (const file of computeEnvironments) appendFileSync(file, "    primary: true\n");
    expect(() => make("AKIA1", { computeEnvironments })).toThrow(
      new pulumi.RunError(`Several compute environments are to be the primary one of the workspace.
  got:     primary: true in cpu.yml, gpu.yml
  allowed: primary: true in one file at most
  mend:    edit the files`),
    );
  });

  it("puts no secret into a command's text or request, and gives each step only what it needs", async () => {
    const inputs = await inputsOf(make());
    for (const { secrets } of mocks.of("command:local:Command")) expect(secrets).toEqual(["environment"]);
    for (const each of Object.values(inputs)) {
      const { environment, ...rest } = each as { environment: Record<string, unknown> };
      expect(JSON.stringify([rest, environment["MEGATESTS_REQUEST"]])).not.toMatch(/t0ken|s3cr3t/);
    }
    const names = (name: string) => Object.keys(inputs[name]!["environment"] as object).toSorted();
    expect(names("seqera-cpu")).toEqual(["AGAIN", "MEGATESTS_REQUEST", "TOWER_ACCESS_TOKEN", "WORKSPACE_ID"]);
    expect(names("seqera-credentials")).toEqual([
      "AGAIN",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
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

describe("a role", () => {
  const roleArn = "arn:aws:iam::123456789012:role/SeqeraPlatform";
  const byRole = { ...args, roleArn };
  const provider = () => new commandPackage.Provider("command");
  const makeByRole = async (changes: Partial<SeqeraArgs> = {}) => {
    const given = { ...byRole, ...changes };
    const offer = offerRole(given, secrets, { provider: provider() });
    if (!offer) throw new Error("no offer");
    const made = new SeqeraPlatform("seqera", given, { offer, after: [] }, secrets, {
      provider: provider(),
    });
    return { offer, made, inputs: await inputsOf(made) };
  };
  const request = (inputs: Record<string, Record<string, unknown>>, name: string) =>
    JSON.parse((inputs[name]!["environment"] as Record<string, string>)["MEGATESTS_REQUEST"]!) as Record<
      string,
      unknown
    >;

  it("is not offered where the Platform is to hold a key", () => {
    expect(offerRole(args, secrets, {})).toBeUndefined();
  });

  it("is offered, then proven, each by a command of its own", async () => {
    const { offer, made, inputs } = await makeByRole();
    expect(await pulumi.isSecret(offer.externalId)).toBe(true);
    expect(await valueOf(made.credentialsId)).toBe("c1");
    expect(inputs["seqera-role"]).toMatchObject({ create: "node seqerakit/apply/main.ts offer-role" });
    expect(inputs["seqera-role-credentials"]).toMatchObject({
      create: "node seqerakit/apply/main.ts prove-role",
      delete: "node seqerakit/apply/main.ts remove-credentials",
      environment: { CREDENTIALS_ID: "c1", EXTERNAL_ID: "ext-1" },
    });
    expect(Object.keys(inputs)).not.toContain("seqera-credentials");
    const names = { credentialsName: "tower-awstest-SeqeraPlatform", otherName: "tower-awstest", roleArn };
    for (const name of ["seqera-role", "seqera-role-credentials"])
      expect(request(inputs, name)).toMatchObject(names);
  });

  it("has the compute environments changed in place: by other credentials, and nothing else", async () => {
    const before = await inputsOf(make());
    mocks.registered.length = 0;
    const { inputs: after } = await makeByRole();
    expect(after["seqera-cpu"]!["triggers"]).toEqual(before["seqera-cpu"]!["triggers"]);
    expect(request(before, "seqera-credentials")).toMatchObject({
      credentialsName: "tower-awstest",
      otherName: "tower-awstest-SeqeraPlatform",
    });
    expect(request(after, "seqera-cpu")).toEqual({
      ...request(before, "seqera-cpu"),
      credentialsName: "tower-awstest-SeqeraPlatform",
    });
  });

  it("has another role by other commands, which are replaced", async () => {
    const { inputs: before } = await makeByRole();
    mocks.registered.length = 0;
    const { inputs: after } = await makeByRole({ roleName: "Other", roleArn: `${roleArn}2` });
    for (const name of ["seqera-role", "seqera-role-credentials"])
      expect(after[name]!["triggers"]).not.toEqual(before[name]!["triggers"]);
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
