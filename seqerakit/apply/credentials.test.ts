import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakePlatform, someComputeEnv, someCredentials, SOMEWHERE } from "../../test/fake-platform.ts";
import { applyCredentials } from "./credentials.ts";
import type { CredentialsRequest } from "./request.ts";

// AWS has its own tests; here the key is known at once.
vi.mock("./probe.ts", () => ({ probeKey: () => Promise.resolve() }));

const key = { accessKeyId: "AKIANEW", secretAccessKey: "s3cr3t" };
const request: CredentialsRequest = {
  platform: SOMEWHERE,
  credentialsName: "tower",
  region: "eu-west-1",
  bucket: "work",
  awsEndpoints: {},
  keyProbeSeconds: 1,
  computeEnvironmentSeconds: 1,
  pollMilliseconds: 10,
};
let platform: FakePlatform;
const context = (formerId?: string) => ({ workspace: platform, tools: platform, formerId });
const held = (changes: object = {}) => someCredentials({ keys: { accessKey: "AKIANEW" }, ...changes });

beforeEach(() => {
  platform = new FakePlatform();
});

describe("applyCredentials", () => {
  it("has seqerakit make what is not there", async () => {
    platform.onCommand = () => void (platform.held = [held()]);
    expect(await applyCredentials(request, key, context())).toEqual({
      credentialsId: "c1",
      accessKeyId: "AKIANEW",
      status: "AVAILABLE",
      validated: 0,
      retired: {},
    });
    expect(platform.commands).toEqual(["seqerakit credentials.yml"]);
  });

  it("updates in place, the secret by a file", async () => {
    platform.held = [someCredentials()];
    platform.onCommand = () => void (platform.held = [held()]);
    expect((await applyCredentials(request, key, context("c1"))).credentialsId).toBe("c1");
    expect(platform.commands).toHaveLength(1);
    expect(platform.commands[0]).toMatch(/^tw credentials update aws -i c1 -a AKIANEW -s @\/\S+\/secret$/);
  });

  it("updates its own, though others have the name too", async () => {
    platform.held = [someCredentials(), someCredentials({ id: "c2" })];
    platform.onCommand = () => void (platform.held = [someCredentials(), held({ id: "c2" })]);
    expect((await applyCredentials(request, key, context("c2"))).credentialsId).toBe("c2");
    await expect(applyCredentials(request, key, context())).rejects.toThrow(
      new Error(`Several credentials on Seqera Platform have that name, and none is known to be the stack's.
  got:     c1, c2
  allowed: one set of AWS credentials named tower
  mend:    delete or rename the ones that no compute environment uses; then: pulumi up`),
    );
  });

  it("has every compute environment that works by them tried again", async () => {
    platform.held = [someCredentials()];
    platform.onCommand = () => void (platform.held = [held()]);
    const env = (id: string, status: string, credentialsId = "c1") => ({
      id,
      name: id,
      status,
      credentialsId,
    });
    platform.envs = [
      env("e1", "AVAILABLE"),
      env("e2", "INVALID"),
      env("e3", "INVALID", "other"),
      env("e4", "DELETING"),
    ];
    expect((await applyCredentials(request, key, context("c1"))).validated).toBe(2);
    platform.validations = { e2: { status: "INVALID", message: "queue missing" } };
    await expect(applyCredentials(request, key, context("c1"))).rejects.toThrow("queue missing");
  });

  it("names its own back, and hands over the key with the name", async () => {
    platform.held = [someCredentials({ name: "mine" })];
    expect((await applyCredentials(request, key, context("c1"))).credentialsId).toBe("c1");
    expect(platform.commands).toEqual(["name c1 tower"]);
    expect(platform.held).toEqual([held()]);
  });

  it("deletes what was replaced and is free, and asks nothing of it before", async () => {
    platform.held = [someCredentials()];
    platform.envs = [someComputeEnv({ name: "cpu-retired-e1", status: "AVAILABLE" })];
    platform.onCommand = (command) => {
      platform.held = [held()];
      if (command.startsWith("tw compute-envs delete")) platform.envs = [];
    };
    expect(await applyCredentials(request, key, context("c1"))).toMatchObject({ validated: 0, retired: {} });
    expect(platform.commands.at(-1)).toBe("tw compute-envs delete -i e1");
  });

  it("fails when the Platform does not hold the new key afterwards", async () => {
    platform.held = [someCredentials()];
    await expect(applyCredentials(request, key, context("c1"))).rejects.toThrow(
      new Error(`Seqera Platform does not hold the new access key.
  got:     AKIA1
  allowed: AKIANEW
  mend:    pulumi up`),
    );
  });

  it("fails with the Platform's reason when they do not work", async () => {
    platform.held = [held()];
    platform.validations = { c1: { status: "INVALID", message: "InvalidClientTokenId" } };
    await expect(applyCredentials(request, key, context("c1"))).rejects.toThrow(
      new Error(`The credentials c1 on Seqera Platform do not work.
  got:     INVALID: InvalidClientTokenId
  allowed: AVAILABLE
  mend:    put right what the Platform names; then: pulumi up`),
    );
  });

  it("takes a validation that could not reach AWS for no answer", async () => {
    platform.held = [held()];
    platform.validations = { c1: { status: "AVAILABLE", transientError: true, message: "timeout" } };
    await expect(applyCredentials(request, key, context("c1"))).rejects.toThrow(
      "could not reach AWS (timeout)",
    );
  });

  it("takes the stored state where the Platform offers no validation", async () => {
    platform.held = [held({ status: "INVALID", message: "denied" })];
    platform.validations = { c1: undefined };
    await expect(applyCredentials(request, key, context("c1"))).rejects.toThrow("got:     INVALID: denied");
  });
});
