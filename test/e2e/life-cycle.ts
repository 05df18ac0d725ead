import { readFile } from "node:fs/promises";
import ky from "ky";
import { expect, it } from "vitest";
import type { BucketView } from "../../sandbox/services/aws/world.ts";
import type { Inspection } from "../../sandbox/services/inspect.ts";
import { label, writes } from "./calls.ts";
import { keysOf, type E2eWorld, type Run } from "./world.ts";

/** By key, as nf-core has them. */
const ENVIRONMENTS: Record<string, string> = {
  cpu: "aws_ireland_fusionv2_nvme_cpu_snapshots",
  gpu: "aws_ireland_fusionv2_nvme_gpu_snapshots",
  arm: "aws_ireland_fusionv2_nvme_cpu_ARM_snapshots",
};
const VALIDATE_ENVIRONMENT = "platform POST /api/compute-envs/ID/validate";

let bucketBefore: BucketView[];
let emptyWorld: Inspection;

/** From the first preview to a deployment that stands and was renewed once. */
export function lifeCycle(here: () => E2eWorld): void {
  it("previews on an empty world, and changes nothing anywhere", async () => {
    const { run, fleet, inspect } = here();
    bucketBefore = await fleet.aws.buckets();
    emptyWorld = await inspect();
    const { ok, steps, calls, text } = await run("preview");
    expect(ok, text).toBe(true);
    expect(Object.values(steps).flat()).toHaveLength(30);
    expect(steps["work-bucket"]).toEqual(["import"]);
    expect(writes(calls)).toEqual([]);
    expect(calls.filter(({ service }) => service === "platform")).toEqual([]);
    expectEachItemReadOnce(calls.map(label));
    expect(await inspect()).toEqual(emptyWorld);
  });

  it("makes everything at the first deployment, the key behind its rights, however busy the Platform is", async () => {
    const { run, fleet, faults } = here();
    faults.add({
      service: "platform",
      method: "POST",
      path: "^/api/compute-envs$",
      kind: "status",
      status: 429,
    });
    const { ok, calls, text } = await run("up");
    expect(ok, text).toBe(true);
    const called = calls.map(label);
    const attached = called.flatMap((call, at) => (call === "aws iam:AttachUserPolicy" ? [at] : []));
    expect(attached).toHaveLength(3);
    expect(called.indexOf("aws iam:CreateAccessKey")).toBeGreaterThan(Math.max(...attached));
    expectEachItemReadOnce(called);
    expect(await fleet.aws.buckets()).toEqual(bucketBefore);
  });

  it("leaves three compute environments with their whole configuration, published to GitHub", async () => {
    const { inspect, seed, stack } = here();
    const { aws, platform, github } = await inspect();
    const [credentials, ...others] = platform.credentials;
    expect(others).toEqual([]);
    expect(aws.users).toEqual([
      {
        name: "TowerForge-AWSMegatests",
        policies: ["TowerForge-Forge-Policy", "TowerForge-Launch-Policy", "TowerForge-S3-Policy"],
        keys: [{ id: credentials?.accessKeyId, status: "Active" }],
      },
    ]);
    const idOf = (key: string) =>
      platform.computeEnvs.find(({ name }) => name === ENVIRONMENTS[key])?.id ?? "";
    expect(platform.computeEnvs).toHaveLength(3);
    for (const key of Object.keys(ENVIRONMENTS)) {
      const { config, ...env } = await computeEnv(here(), idOf(key));
      expect(env).toMatchObject({ status: "AVAILABLE", credentialsId: credentials?.id });
      const files = `seqerakit/compute-envs/${key}`;
      const asked = JSON.parse(await readFile(`${files}.json`, "utf8")) as object;
      expect(withoutEmpty(config)).toMatchObject(withoutEmpty(asked) as object);
      expect(config.nextflowConfig).toBe(await readFile(`${files}-nextflow.config`, "utf8"));
    }
    expect(github).toEqual({
      variables: {
        TOWER_COMPUTE_ENV_CPU: idOf("cpu"),
        TOWER_COMPUTE_ENV_GPU: idOf("gpu"),
        TOWER_COMPUTE_ENV_ARM: idOf("arm"),
        TOWER_WORKSPACE_ID: String(seed.workspaceId),
        AWS_S3_BUCKET: "nf-core-awsmegatests",
      },
      secrets: ["TOWER_ACCESS_TOKEN"],
    });
    expect(await githubSecret(here(), "TOWER_ACCESS_TOKEN")).toBe(seed.platformToken);

    const arn = (rest: string) => `arn:aws:iam::${seed.awsAccountId}:${rest}`;
    const outputs = await stack.outputs();
    expect(Object.values(outputs).map(({ secret }) => secret)).toEqual(Array(12).fill(false));
    expect(
      Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown])),
    ).toEqual({
      userName: "TowerForge-AWSMegatests",
      userArn: arn("user/TowerForge-AWSMegatests"),
      accessKeyId: credentials?.accessKeyId,
      forgePolicyArn: arn("policy/TowerForge-Forge-Policy"),
      launchPolicyArn: arn("policy/TowerForge-Launch-Policy"),
      s3PolicyArn: arn("policy/TowerForge-S3-Policy"),
      credentialsId: credentials?.id,
      computeEnvironmentIds: Object.fromEntries(
        Object.keys(ENVIRONMENTS).map((key) => [ENVIRONMENTS[key], idOf(key)]),
      ),
      retiredComputeEnvironmentIds: {},
      bucket: "nf-core-awsmegatests",
      workspaceId: String(seed.workspaceId),
      githubVariables: [
        "AWS_S3_BUCKET",
        "TOWER_COMPUTE_ENV_ARM",
        "TOWER_COMPUTE_ENV_CPU",
        "TOWER_COMPUTE_ENV_GPU",
        "TOWER_WORKSPACE_ID",
      ],
    });
  });

  it("renews the key at the second deployment, in place and in order", async () => {
    const { run, inspect, prober, fleet } = here();
    const before = await inspect();
    const [old] = keysOf(before);
    prober.reset();
    const { ok, text, steps, calls } = await run("up");
    expect(ok, text).toBe(true);
    const [renewed, ...more] = keysOf(await inspect());
    expect(more).toEqual([]);
    expect(renewed).not.toBe(old);
    expect(prober.probed).toMatchObject({ refused: [], calls: expect.toSatisfy((n) => n > 5) as number });

    const after = await inspect();
    const unchanged = ({ platform, github }: typeof after) => ({
      github,
      platform: { ...platform, credentials: platform.credentials.map(({ id }) => id) },
    });
    expect(unchanged(after)).toEqual(unchanged(before));
    expect(after.platform.credentials[0]?.accessKeyId).toBe(renewed);
    expect(await fleet.aws.buckets()).toEqual(bucketBefore);

    expect(steps).toEqual({
      "towerforge-rotation": ["update"],
      "seqera-preflight": ["update"],
      "towerforge-key": ["create-replacement", "replace", "delete-replaced"],
      "seqera-credentials": ["update"],
    });
    expectRotation(calls);
    expectEachItemReadOnce(calls.map(label));
  });

  it("finds the world as the state has it", async () => {
    const { stack } = here();
    const { summary } = await stack.refresh({ runProgram: true });
    expect(summary.resourceChanges).toEqual({ same: 30 });
  });
}

/** Takes everything away again. */
export function end(here: () => E2eWorld): void {
  it("takes all of it away, except the protected bucket with its settings", async () => {
    const { run, inspect, fleet, prober, stack } = here();
    prober.reset();
    const { ok, text } = await run("destroy");
    expect(ok, text).toBe(true);
    expect(await inspect()).toEqual(emptyWorld);
    expect(fleet.platform.heldKeys()).toEqual([]);
    expect(prober.probed.refused).toEqual([]);
    expect(await fleet.aws.buckets()).toEqual(bucketBefore);
    const { deployment } = await stack.exportStack();
    const { resources } = deployment as { resources: { type: string; custom: boolean }[] };
    expect(
      resources.filter(({ type, custom }) => custom && !type.startsWith("pulumi:")).map(({ type }) => type),
    ).toEqual(["aws:s3/bucket:Bucket"]);
  });
}

/** Create, prove, push, validate all, delete: and nothing else is written. */
function expectRotation(calls: Run["calls"]): void {
  const called = calls.map(label);
  expect(writes(calls)).toEqual([
    "aws iam:CreateAccessKey",
    "platform PUT /api/credentials/ID",
    "platform POST /api/credentials/ID/validate",
    ...Array<string>(3).fill(VALIDATE_ENVIRONMENT),
    // The last look before the old key goes.
    "platform POST /api/credentials/ID/validate",
    "aws iam:DeleteAccessKey",
  ]);
  const between = called.slice(
    called.indexOf("aws iam:CreateAccessKey"),
    called.indexOf("platform PUT /api/credentials/ID"),
  );
  const count = (text: string) => between.filter((call) => call.startsWith(text)).length;
  expect(count("aws batch:DescribeComputeEnvironments")).toBeGreaterThanOrEqual(3);
  expect(count("aws s3:GET /nf-core-awsmegatests")).toBeGreaterThanOrEqual(3);
}

function expectEachItemReadOnce(called: string[]): void {
  const reads = called.filter((call) => /^onepassword GET .*\/items\/\w+$/.test(call));
  expect(reads).toHaveLength(3);
  expect(new Set(reads).size).toBe(3);
}

async function computeEnv({ fleet, seed }: E2eWorld, id: string) {
  const { computeEnv: found } = await ky
    .get(`${fleet.urls.platform}/api/compute-envs/${id}`, {
      headers: { authorization: `Bearer ${seed.platformToken}` },
      searchParams: { workspaceId: seed.workspaceId },
    })
    .json<{ computeEnv: { status: string; credentialsId: string; config: Record<string, unknown> } }>();
  return found;
}

async function githubSecret({ fleet }: E2eWorld, name: string): Promise<string | undefined> {
  const { services } = await fleet.snapshot();
  const { secrets } = services.github as { secrets: { name: string; value: string }[] };
  return secrets.find((secret) => secret.name === name)?.value;
}

/** The Platform leaves out what is false or an empty list. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value) || value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(
    ([, each]) => each !== false && !(Array.isArray(each) && each.length === 0),
  );
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutEmpty(each)]));
}
