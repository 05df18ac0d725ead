/** The deployer's policy, held against all that a deployer asks of AWS in a stack's whole life: nothing denied, nothing unused. */
import { DeleteAccessKeyCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Judgement } from "../../sandbox/services/aws/authorization/judgements.ts";
import { withoutAccounts } from "../../sandbox/environment.ts";
import { STACK } from "../../sandbox/world.ts";
import { deployerGrants } from "../../towerforge/policies/index.ts";
import { deployerArgs } from "../policies/stack-args.ts";
import { keysOf, startWorld, type E2eWorld } from "./world.ts";

let e2e: E2eWorld;
const asked: Judgement[] = [];

/** One compute environment is enough: the deployer has no right on any. */
const ONE = { "AWSMegatests:computeEnvironments": ["seqerakit/compute-envs/gpu.yml"] };
const ROLE = { "AWSMegatests:credentialMode": "role" };
const CREATED = { "AWSMegatests:bucketMode": "create" };

/** What only AWS itself is asked, where the provider knows its account; the sandbox's provider tags buckets the old way. */
const ONLY_ON_AWS = ["DeployerBucket s3:ListTagsForResource"];

beforeAll(async () => {
  e2e = await startWorld();
}, 120_000);
afterAll(() => e2e.close(), 60_000);

/** Deploys with these settings, and keeps what AWS was asked by the deployer. */
async function deploy(settings: Record<string, unknown>, operation: "up" | "destroy" = "up"): Promise<void> {
  e2e.fleet.aws.clearJudgements();
  const { ok, text } = await e2e.withConfig({ ...ONE, ...settings }, () => e2e.run(operation));
  keep();
  expect(ok, text).toBe(true);
}

async function refresh(settings: Record<string, unknown>): Promise<void> {
  e2e.fleet.aws.clearJudgements();
  await e2e.withConfig({ ...ONE, ...settings }, () =>
    e2e.stack.refresh({ runProgram: true, color: "never" }),
  );
  keep();
}

function keep(): void {
  const deployer = `:user/${e2e.seed.deployer.userName}`;
  asked.push(...e2e.fleet.aws.judgements().filter(({ principal }) => principal.endsWith(deployer)));
}

/** The operator's commands that look at the stack, by the same credentials. */
async function lookAround(settings: Record<string, unknown>): Promise<void> {
  e2e.fleet.aws.clearJudgements();
  for (const command of ["status", "doctor"]) {
    const { exitCode, stdout, stderr } = await e2e.withConfig({ ...ONE, ...settings }, () =>
      execa(process.execPath, ["cli/main.ts", command], {
        ...{ cwd: e2e.world.root, extendEnv: false, stdin: "ignore", reject: false },
        env: { ...withoutAccounts(), ...e2e.env, TMPDIR: e2e.temporary, NO_COLOR: "1" },
      }),
    );
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
  }
  keep();
}

/** The imported one stays in AWS and in the state, protected, whatever is destroyed. */
async function removeBucket(): Promise<void> {
  const s3 = new S3Client(e2e.fleet.aws.adminClientConfig());
  const Bucket = e2e.seed.bucket;
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers])
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
  const { deployment } = await e2e.stack.exportStack();
  const { resources } = deployment as { resources: { urn: string }[] };
  const urn = resources.find((each) => each.urn.endsWith("::work-bucket"))?.urn ?? "";
  const args = ["state", "delete", urn, "--force", "--target-dependents", "--yes", "--stack", STACK];
  await execa("pulumi", args, { cwd: e2e.world.project });
}

it("is made, renewed, changed, refreshed and destroyed with a key", { timeout: 400_000 }, async () => {
  await deploy({});
  await deploy({});
  await lookAround({});
  // A policy has room for five versions.
  for (const dataExplorerRights of ["true", "false", "true", "false", "true"])
    await deploy({
      "AWSMegatests:rotation": "manual",
      "AWSMegatests:dataExplorerRights": dataExplorerRights,
    });
  await refresh({});
  const [key] = keysOf(await e2e.inspect());
  const iam = new IAMClient(e2e.fleet.aws.adminClientConfig());
  await iam.send(new DeleteAccessKeyCommand({ UserName: "TowerForge-AWSMegatests", AccessKeyId: key }));
  await deploy({});
  await deploy({}, "destroy");
});

it("is made, moved, refreshed and destroyed with a role", { timeout: 400_000 }, async () => {
  await deploy(ROLE);
  await lookAround(ROLE);
  e2e.fleet.platform.removeCredentials("tower-awstest-SeqeraPlatform");
  await deploy(ROLE);
  await refresh(ROLE);
  await deploy({});
  await deploy(ROLE);
  await deploy(ROLE, "destroy");
});

it("makes its bucket, and leaves it", { timeout: 200_000 }, async () => {
  await removeBucket();
  await deploy(CREATED);
  await refresh(CREATED);
  await deploy(CREATED, "destroy");
  expect((await e2e.fleet.aws.buckets()).map(({ name }) => name)).toEqual([e2e.seed.bucket]);
});

it("was denied nothing", () => {
  expect(asked.length).toBeGreaterThan(300);
  expect(asked.filter(({ result }) => result !== "Allowed")).toEqual([]);
});

it("has used each right", () => {
  const args = deployerArgs({ credentialModes: ["key", "role"], bucketMode: "create" });
  const rights = deployerGrants(args).flatMap(({ sid, actions }) =>
    Object.keys(actions).map((action) => `${sid} ${action}`),
  );
  const used = new Set(asked.flatMap(({ action, allowedBy }) => allowedBy.map((sid) => `${sid} ${action}`)));
  expect(rights.filter((right) => !used.has(right))).toEqual(ONLY_ON_AWS);
});
