/** `megatests status` and `doctor` on a deployed stack, and what status says of all that people can do to it by hand. */
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyVersionCommand,
  DeleteAccessKeyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { execa } from "execa";
import ky from "ky";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DoctorReport } from "../../cli/doctor/report.ts";
import { readSettings, type StackSettings } from "../../cli/stack/settings.ts";
import { lookAt } from "../../cli/status/look.ts";
import { statusReport, type StatusReport } from "../../cli/status/report.ts";
import { withoutAccounts } from "../../sandbox/environment.ts";
import type { FleetSnapshot } from "../../sandbox/services/fleet.ts";
import { STACK } from "../../sandbox/world.ts";
import { findSecrets } from "../canary/detector.ts";
import { isProber, writes } from "./calls.ts";
import { ask } from "./platform.ts";
import { startWorld, type E2eWorld } from "./world.ts";

const UP = "pulumi up";
const REFRESH = "pulumi refresh --run-program --yes && pulumi up";
const GPU = "aws_ireland_fusionv2_nvme_gpu_snapshots";
const UserName = "TowerForge-AWSMegatests";
const printed: string[] = [];
let e2e: E2eWorld;
let iam: IAMClient;
let settings: StackSettings;
let deployed: FleetSnapshot;
let key: string;
let env: string;

beforeAll(async () => {
  e2e = await startWorld();
  // For the commands, too: the stack keeps it.
  await e2e.withConfig(SETTINGS, async () => {
    const { ok, text } = await e2e.run("up");
    expect(ok, text).toBe(true);
    settings = await readSettings(place());
  });
  iam = new IAMClient(e2e.fleet.aws.adminClientConfig());
  const { aws, platform } = await e2e.inspect();
  key = aws.users[0]!.keys[0]!.id;
  env = platform.computeEnvs[0]!.id;
  await e2e.prober.stop();
  deployed = await e2e.fleet.snapshot();
}, 180_000);
afterEach(() => e2e.fleet.restore(deployed), 60_000);
afterAll(() => e2e.close(), 60_000);

/** One compute environment is enough here. */
const SETTINGS = { "AWSMegatests:computeEnvironments": ["seqerakit/compute-envs/gpu.yml"] };
const place = () => ({ folder: e2e.world.project, stack: STACK, env: e2e.env });
const arn = (policy: string) => `arn:aws:iam::${e2e.seed.awsAccountId}:policy/TowerForge-${policy}-Policy`;

/** What does not agree, each as `found → mend`. */
async function wrong(changed: Partial<StackSettings["config"]> = {}): Promise<string[]> {
  const parts = await lookAt(place(), { ...settings, config: { ...settings.config, ...changed } });
  return statusReport(STACK, parts).wrong.map(({ found, mend }) => `${found} → ${mend}`);
}

async function github(method: "patch" | "delete", path: string, json?: object): Promise<void> {
  const headers = { authorization: `Bearer ${e2e.seed.githubToken}` };
  await ky[method](`${e2e.fleet.urls.github}/api/v3/orgs/nf-core/actions/${path}`, { headers, json });
}

describe("on a deployed stack", { timeout: 60_000 }, () => {
  it("all agrees, by the command too, which changes nothing and shows no secret", async () => {
    const { exitCode, stdout, stderr, calls } = await megatests("status", "--json");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const { parts, ...rest } = JSON.parse(stdout) as StatusReport;
    expect(rest).toEqual({ stack: STACK, good: true, wrong: [] });
    const policy = (name: string) => ({ name, attached: true, unchanged: true, asDeployed: true });
    expect(parts).toEqual({
      user: { name: UserName, exists: true },
      "access key": [
        {
          ...{ id: key, active: true, ageDays: 0, onPlatform: true, inState: true },
          lastUsed: { at: expect.stringMatching(/^20\d\d-.*Z$/), service: expect.any(String) },
        },
      ],
      policies: ["Forge", "Launch", "S3"].map((part) => policy(`TowerForge-${part}-Policy`)),
      "other rights": { inline: [], groups: [] },
      credentials: [
        {
          id: expect.any(String),
          name: "tower-awstest",
          status: "AVAILABLE",
          accessKeyId: key,
          roleArn: null,
        },
      ],
      "compute environments": {
        configured: [
          expect.objectContaining({
            ...{ key: "gpu", name: GPU, id: env, status: "AVAILABLE", runs: 0 },
            variable: "TOWER_COMPUTE_ENV_GPU",
          }),
        ],
        retired: [],
      },
      GitHub: {
        variables: {
          TOWER_COMPUTE_ENV_GPU: env,
          TOWER_WORKSPACE_ID: String(e2e.seed.workspaceId),
          AWS_S3_BUCKET: e2e.seed.bucket,
        },
        secrets: ["TOWER_ACCESS_TOKEN"],
      },
      "last deployment": expect.objectContaining({ kind: "update", result: "succeeded" }),
    });
    expect(writes(calls)).toEqual([]);
  });

  it("the doctor finds nothing to mend, and changes nothing", async () => {
    const { exitCode, stdout, stderr, calls } = await megatests("doctor", "--json");
    const { rows, ...counts } = JSON.parse(stdout) as DoctorReport;
    expect(rows.filter(({ state }) => state !== "pass").map(({ name }) => name)).toEqual([
      "Node language host",
      "awsSessionTokenField",
    ]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(counts).toEqual({
      good: true,
      locked: false,
      passed: rows.length - 2,
      failed: 0,
      notApplicable: 2,
    });
    expect(writes(calls)).toEqual([]);
  });

  it("is looked at again and again until it is interrupted", async () => {
    const seen: StatusReport[] = [];
    const { exitCode, stderr } = await e2e.withConfig(SETTINGS, async () => {
      const watching = start("status", "--watch", "2", "--json");
      for await (const line of watching.iterable()) {
        seen.push(JSON.parse(line) as StatusReport);
        if (seen.length === 1)
          await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: key, Status: "Inactive" }));
        if (!seen.at(-1)!.good) watching.kill("SIGINT");
      }
      return watching;
    });
    expect([seen[0]!.good, seen.at(-1)!.good, exitCode]).toEqual([true, false, 1]);
    expect(stderr).toBe(`error: Stack ${STACK} is not as a good deployment leaves it.
  got:     access key ${key} is inactive
  allowed: AWS, Seqera Platform and GitHub agree with the state
  mend:    aws iam update-access-key --user-name ${UserName} --access-key-id ${key} --status Active`);
  });
});

describe("what people do by hand does not agree", { timeout: 60_000 }, () => {
  it("access keys", async () => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const second = AccessKey!.AccessKeyId;
    expect(await wrong()).toEqual([
      `access key ${second} is in no credentials on Seqera Platform → ${UP}`,
      `access key ${second} is not the state's → npm run --silent megatests -- doctor`,
      `the user has 2 access keys, not one → ${UP}`,
    ]);
    for (const AccessKeyId of [second, key])
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    expect(await wrong()).toEqual([`the user has 0 access keys, not one → ${UP}`]);
  });

  it("policies: detached, added, changed; or the program has changed", async () => {
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: arn("Launch") }));
    await iam.send(
      new AttachUserPolicyCommand({ UserName, PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }),
    );
    const PolicyDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`;
    await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: arn("S3"), PolicyDocument, SetAsDefault: true }),
    );
    expect(await wrong({ efsRights: true })).toEqual([
      `policy TowerForge-Forge-Policy is of another version of the program or its settings → ${UP}`,
      `policy TowerForge-Launch-Policy is not attached → ${UP}`,
      `policy TowerForge-S3-Policy was changed by hand → ${REFRESH}`,
      "policy AmazonS3ReadOnlyAccess is attached, and is not this stack's → aws iam detach-user-policy --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess --user-name TowerForge-AWSMegatests",
    ]);
  });

  it("rights that do not come from the policies", async () => {
    const PolicyDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`;
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "more", PolicyDocument }));
    await iam.send(new CreateGroupCommand({ GroupName: "admins" }));
    await iam.send(new AddUserToGroupCommand({ UserName, GroupName: "admins" }));
    expect(await wrong()).toEqual([
      `the user has a policy of its own, more, which is not this stack's → aws iam delete-user-policy --user-name ${UserName} --policy-name more`,
      `the user is in the group admins, and has its rights → aws iam remove-user-from-group --user-name ${UserName} --group-name admins`,
    ]);
  });

  it("credentials", async () => {
    e2e.fleet.platform.removeCredentials("tower-awstest");
    expect(await wrong()).toEqual([
      `access key ${key} is in no credentials on Seqera Platform → ${UP}`,
      `there are no credentials tower-awstest → ${UP}`,
      `the compute environment ${GPU} works by other credentials → ${UP}`,
    ]);
  });

  it("compute environments: closed, taken away, replaced and still in use", async () => {
    await ask(e2e, "post", `compute-envs/${env}/disable`);
    expect(await wrong()).toEqual([`the compute environment ${GPU} is DISABLED → ${UP}`]);
    const retired = `${GPU}-retired-${env.slice(0, 8)}`;
    e2e.fleet.platform.rename("computeEnv", GPU, retired);
    e2e.fleet.platform.seedRun(env);
    const { parts } = statusReport(STACK, await lookAt(place(), settings));
    expect(parts["compute environments"]).toMatchObject({ retired: [{ name: retired, runs: 1 }] });
    e2e.fleet.platform.removeComputeEnv(retired);
    expect(await wrong()).toEqual([`there is no compute environment ${GPU} → ${UP}`]);
  });

  it("GitHub's variables and its secret", async () => {
    await github("patch", "variables/TOWER_COMPUTE_ENV_GPU", { value: "e9" });
    await github("delete", "variables/AWS_S3_BUCKET");
    await github("delete", "secrets/TOWER_ACCESS_TOKEN");
    expect(await wrong()).toEqual([
      `GitHub's variable TOWER_COMPUTE_ENV_GPU says e9, the stack ${env} → ${REFRESH}`,
      `GitHub's variable AWS_S3_BUCKET is not set, the stack ${e2e.seed.bucket} → ${REFRESH}`,
      `GitHub's secret TOWER_ACCESS_TOKEN is not set → ${REFRESH}`,
    ]);
  });

  it("a service that refuses: the others are shown all the same", async () => {
    e2e.faults.add({
      service: "platform",
      path: "^/api/compute-envs",
      kind: "status",
      status: 403,
      times: 9,
    });
    const [first, ...rest] = await wrong();
    expect(first).toMatch(/^Seqera Platform refuses GET \/compute-envs\.\ngot: 403 /);
    expect(rest).toEqual([]);
    e2e.faults.clear();
  });
});

it("a deployment that has failed does not agree", { timeout: 120_000 }, async () => {
  e2e.faults.add({
    service: "platform",
    method: "PUT",
    path: "^/api/credentials/",
    kind: "status",
    status: 403,
  });
  await e2e.withConfig(SETTINGS, async () => expect((await e2e.run("up")).ok).toBe(false));
  expect((await wrong()).at(-1)).toBe(`the last update has failed → ${UP}`);
});

it("has shown no secret", () => {
  expect(printed.join("\n")).toContain("access key");
  expect(findSecrets(printed.join("\n"), { ...e2e.secrets, ...e2e.fleet.aws.madeSecrets() })).toEqual([]);
});

function start(...args: string[]) {
  return execa(process.execPath, ["cli/main.ts", ...args], {
    ...{ cwd: e2e.world.root, extendEnv: false, stdin: "ignore", reject: false },
    env: { ...withoutAccounts(), ...e2e.env, TMPDIR: e2e.temporary, NO_COLOR: "1" },
  });
}

/** Runs a command with the stack as it was deployed, and notes what the services were asked. */
async function megatests(...args: string[]) {
  const since = e2e.faults.calls.at(-1)?.n ?? 0;
  const { exitCode, stdout, stderr } = await e2e.withConfig(SETTINGS, () => start(...args));
  printed.push(String(stdout), String(stderr));
  const calls = e2e.faults.calls.filter((call) => call.n > since && !isProber(call));
  return { exitCode, stdout: String(stdout), stderr: String(stderr), calls };
}
