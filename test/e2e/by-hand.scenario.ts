/** What people do by hand on the Platform, which the state does not notice: the next deployment sees to it, in any rotation. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STACK } from "../../sandbox/world.ts";
import { writes } from "./calls.ts";
import { CPU } from "./own-files.ts";
import { ask, expectOneKey, putKey } from "./platform.ts";
import { startWorld, type E2eWorld } from "./world.ts";

const GPU = "aws_ireland_fusionv2_nvme_gpu_snapshots";
const ARM = "aws_ireland_fusionv2_nvme_cpu_ARM_snapshots";
const CREDENTIALS = "tower-awstest";
let e2e: E2eWorld;

beforeAll(async () => {
  e2e = await startWorld();
  const { ok, text } = await e2e.run("up");
  expect(ok, text).toBe(true);
}, 180_000);
afterAll(() => e2e.close(), 60_000);

const found = async () => {
  const { platform, github } = await e2e.inspect();
  const idOf = (name: string) => platform.computeEnvs.find((env) => env.name === name)?.id;
  const [cpu, gpu, arm] = [CPU, GPU, ARM].map(idOf);
  const credentials = platform.credentials.map(({ name, id }) => ({ name, id }));
  return { cpu, gpu, arm, credentials, variables: github.variables };
};
const platform = () => e2e.fleet.platform;

describe.each(["deployment", "manual"])("with rotation: %s", { timeout: 180_000 }, (rotation) => {
  const inMode = <T>(work: () => Promise<T>) =>
    e2e.withConfig({ "AWSMegatests:rotation": rotation, "AWSMegatests:rotationSerial": "1" }, work);
  const up = async () => {
    const { ok, text } = await inMode(() => e2e.run("up"));
    expect(ok, text).toBe(true);
    await expectOneKey(e2e);
    expect(e2e.prober.probed.refused).toEqual([]);
    return text;
  };

  it("what was renamed, closed or taken away is named back, opened and made again", async () => {
    await up();
    const before = await found();
    platform().rename("credentials", CREDENTIALS, "mine");
    platform().rename("computeEnv", CPU, "not-mine");
    platform().removeComputeEnv(GPU);
    await ask(e2e, "post", `compute-envs/${before.arm}/disable`);
    const text = await up();
    for (const reason of [
      `there are no credentials ${CREDENTIALS}`,
      `there is no compute environment ${CPU}`,
      `there is no compute environment ${GPU}`,
      `the compute environment ${ARM} is DISABLED`,
    ])
      expect(text).toContain(`Seqera Platform: ${reason}. This deployment sees to it.`);
    const after = await found();
    expect(after).toEqual({
      ...before,
      gpu: after.gpu,
      variables: { ...before.variables, TOWER_COMPUTE_ENV_GPU: after.gpu },
    });
    expect(after.gpu).not.toBe(before.gpu);
  });

  it("credentials that were taken away are made again, and the compute environments work by them", async () => {
    const before = await found();
    platform().removeCredentials(CREDENTIALS);
    await up();
    const after = await found();
    expect(after).toEqual({ ...before, credentials: [{ name: CREDENTIALS, id: after.credentials[0]?.id }] });
    expect(after.credentials).not.toEqual(before.credentials);
    const { credentialsId } = (await e2e.stack.outputs()) as Record<string, { value: unknown }>;
    expect(credentialsId?.value).toBe(after.credentials[0]?.id);
    for (const env of platform()
      .computeEnvs()
      .filter(({ status }) => status !== "DELETED"))
      expect(env.credentialsId).toBe(after.credentials[0]?.id);
  });

  it("another key is replaced by the user's, and what it made INVALID is tried again", async () => {
    const before = await found();
    const [held] = platform().heldKeys();
    await putKey(e2e, { ...held!, accessKeyId: "AKIAAAAAAAAAAAAAAAAA", secretAccessKey: "no-such-key" });
    const { platform: broken } = await e2e.inspect();
    expect(broken.computeEnvs.map(({ status }) => status)).toEqual(["INVALID", "INVALID", "INVALID"]);
    const { ok, text } = await inMode(() => e2e.run("up"));
    expect(ok, text).toBe(true);
    await expectOneKey(e2e);
    // That key was refused, of course.
    e2e.prober.reset();
    expect(text).toContain(
      `the credentials ${CREDENTIALS} hold AKIAAAAAAAAAAAAAAAAA, which is not the user's. This deployment sees to it.`,
    );
    expect(text).toContain(`the compute environment ${CPU} is INVALID. This deployment sees to it.`);
    expect(await found()).toEqual(before);
  });

  it("what is missing is no hindrance to a refresh, and a preview does not ask for it", async () => {
    const { gpu } = await found();
    platform().removeComputeEnv(GPU);
    await inMode(async () => {
      const { summary } = await e2e.stack.refresh({ runProgram: true });
      expect(summary.result).toBe("succeeded");
      const { ok, text, calls } = await e2e.run("preview");
      expect(ok, text).toBe(true);
      expect(calls.filter(({ service }) => service === "platform")).toEqual([]);
    });
    await up();
    expect((await found()).gpu).not.toBe(gpu);
  });
});

describe("an operator who replaces a compute environment's command", { timeout: 120_000 }, () => {
  it("keeps the compute environment, which the new command has taken over", async () => {
    const before = await found();
    const component = `urn:pulumi:${STACK}::AWSMegatests::AWSMegatests:seqerakit:SeqeraPlatform`;
    await e2e.stack.up({
      replace: [`${component}$command:local:Command::seqera-cpu`],
      suppressOutputs: true,
      color: "never",
    });
    expect(await found()).toEqual(before);
    await expectOneKey(e2e);
  });
});

describe("the end", { timeout: 120_000 }, () => {
  it("comes also where something is missing already", async () => {
    platform().removeComputeEnv(GPU);
    const { ok, text, calls } = await e2e.run("destroy");
    expect(ok, text).toBe(true);
    expect(writes(calls).filter((call) => call === "platform DELETE /api/compute-envs/ID")).toHaveLength(2);
    expect((await found()).credentials).toEqual([]);
  });
});
