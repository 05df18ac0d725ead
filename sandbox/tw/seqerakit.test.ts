/** The real seqerakit on this stand-in, against the sandbox's Platform. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { type AwsService, startAws } from "../services/aws/gateway.ts";
import { pythonForTests } from "../services/aws/python-for-tests.ts";
import { FaultInjector } from "../services/faults.ts";
import { type PlatformService, startPlatform } from "../services/platform/index.ts";
import { makeSeed } from "../services/seed.ts";
import { installStandInTw } from "./install.ts";
import { tw } from "./testing/tw.ts";

// A run of seqerakit starts Python once and tw several times; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const seed = makeSeed();
const faults = new FaultInjector();
const workspace = `${seed.organization}/${seed.workspace}`;
const { accessKeyId: KEY, secretAccessKey: SECRET } = seed.deployer;
const CONFIG = {
  discriminator: "aws-batch",
  region: "eu-west-1",
  workDir: `s3://${seed.bucket}`,
  forge: { type: "SPOT", minCpus: 0, maxCpus: 8, disposeOnDeletion: true },
  labels: [],
};
const CREDENTIALS = {
  credentials: [
    {
      type: "aws",
      name: "tower-awstest",
      workspace,
      "access-key": KEY,
      "secret-key": "@$SECRET_FILE",
      on_exists: "ignore",
    },
  ],
};
const environment = (more: object = {}) => ({
  "compute-envs": [
    { name: "cpu", workspace, credentials: "tower-awstest", "file-path": join(folder, "cpu.json"), ...more },
  ],
});

let folder: string;
let bin: string;
let aws: AwsService;
let platform: PlatformService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tw-seqerakit-"));
  bin =
    process.env.MEGATESTS_PYTHON_BIN ?? (await (await import("../toolchain/python.ts")).ensurePython()).bin;
  aws = await startAws({ faults, seed, python: await pythonForTests(), newKeySeconds: 0 });
  await installStandInTw(join(folder, "bin"));
  await writeFile(join(folder, "cpu.json"), JSON.stringify(CONFIG));
  await writeFile(join(folder, "secret"), SECRET, { mode: 0o600 });
}, 600_000);
afterAll(async () => {
  await aws.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  faults.calls.length = 0;
  // seqerakit is faster than the limit of calls allows.
  const times = { creationMilliseconds: 100, deletionMilliseconds: 100, callsPerSecond: false as const };
  platform = await startPlatform({ faults, seed, aws: { endpoint: aws.url }, ...times });
  return () => platform.close();
});

const env = () => ({
  PATH: [join(folder, "bin"), bin, process.env.PATH].join(delimiter),
  TOWER_API_ENDPOINT: `${platform.url}/api`,
  TOWER_ACCESS_TOKEN: seed.platformToken,
  SECRET_FILE: join(folder, "secret"),
});

async function seqerakit(manifest: object, ...options: string[]) {
  const file = join(folder, "manifest.yml");
  await writeFile(file, stringify(manifest));
  return execa("seqerakit", ["--cli=--insecure", ...options, file], {
    env: env(),
    extendEnv: false,
    reject: false,
    all: true,
  });
}

/** What the manifests would make, made faster. */
async function prepare() {
  const keys = ["-a", KEY, "-s", SECRET];
  await tw(
    ["--insecure", "credentials", "add", "aws", "-n", "tower-awstest", ...keys, "-w", workspace],
    env(),
  );
  await tw(["--insecure", "ce", "import", join(folder, "cpu.json"), "-n", "cpu", "-w", workspace], env());
  faults.calls.length = 0;
}

const writes = () =>
  faults.calls
    .filter(({ service, method }) => service === "platform" && method !== "GET")
    .map(({ method, path, status }) => `${method} ${path.split("?")[0]} ${status}`);
const states = () => platform.computeEnvs().map(({ name, status }) => `${name} ${status}`);

test("credentials: the secret arrives from its file, and stands in no output", async () => {
  const run = await seqerakit(CREDENTIALS);
  expect(run.all).toContain("New AWS credentials 'tower-awstest");
  expect(run.exitCode).toBe(0);
  expect(platform.heldKeys()).toMatchObject([
    { name: "tower-awstest", accessKeyId: KEY, secretAccessKey: SECRET },
  ]);
  expect(run.all).not.toContain(SECRET);
});

test("on_exists: ignore leaves what is there, fail ends the run", async () => {
  await prepare();
  const before = platform.heldKeys();
  expect((await seqerakit(CREDENTIALS)).exitCode).toBe(0);
  const failing = { credentials: [{ ...CREDENTIALS.credentials[0], on_exists: "fail" }] };
  const run = await seqerakit({ ...failing, ...environment() });
  expect([run.exitCode, writes()]).toEqual([1, []]);
  expect(platform.heldKeys()).toEqual(before);
});

test("compute environment from a file: waits until it is AVAILABLE, then makes it the primary one", async () => {
  const run = await seqerakit({ ...CREDENTIALS, ...environment({ wait: "AVAILABLE", primary: true }) });
  expect(run.all).toContain("[DONE]");
  expect([run.exitCode, states()]).toEqual([0, ["cpu AVAILABLE"]]);
  const [{ id } = { id: "" }] = platform.computeEnvs();
  expect(writes().slice(1)).toEqual([
    "POST /api/compute-envs 200",
    `POST /api/compute-envs/${id}/primary 204`,
  ]);
  const primary = await tw(["--insecure", "-o", "json", "ce", "primary", "get", "-w", workspace], env());
  expect(JSON.parse(primary.stdout)).toEqual({ id, name: "cpu", platform: "aws-batch" });
});

test("a compute environment that fails ends the run with exit 1", async () => {
  platform.planComputeEnv("cpu", { erroredReason: "You have requested more vCPU capacity" });
  const run = await seqerakit({ ...CREDENTIALS, ...environment({ wait: "AVAILABLE" }) });
  expect([run.exitCode, states()]).toEqual([1, ["cpu ERRORED"]]);
  expect(run.all).toMatch(/\.ERRORED +\[ERROR\]/);
});

test("compute environment from options", async () => {
  const options = {
    type: "aws-batch",
    "config-mode": "forge",
    region: "eu-west-1",
    "work-dir": `s3://${seed.bucket}`,
    "max-cpus": 8,
    "fusion-v2": true,
    wave: true,
    "instance-types": "c6id,m6id",
    "file-path": undefined,
    labels: "team=core",
  };
  const run = await seqerakit({ ...CREDENTIALS, ...environment(options) });
  expect([run.exitCode, run.all]).toEqual([
    0,
    expect.stringContaining("New AWS-BATCH compute environment 'cpu'"),
  ]);
  const view = await tw(["--insecure", "-o", "json", "ce", "view", "-n", "cpu", "-w", workspace], env());
  expect(JSON.parse(view.stdout)).toMatchObject({
    config: {
      fusion2Enabled: true,
      waveEnabled: true,
      forge: { instanceTypes: ["c6id", "m6id"], maxCpus: 8 },
    },
    labels: [{ name: "team", value: "core" }],
  });
});

test("--delete takes compute environments before credentials", async () => {
  await prepare();
  const [{ id } = { id: "" }] = platform.computeEnvs();
  const [{ credentialsId } = { credentialsId: "" }] = platform.heldKeys();
  const run = await seqerakit({ ...CREDENTIALS, ...environment() }, "--delete");
  expect([run.exitCode, writes()], String(run.all)).toEqual([
    0,
    [`DELETE /api/compute-envs/${id} 204`, `DELETE /api/credentials/${credentialsId} 204`],
  ]);
});

test("--info asks tw, and fails when tw does", async () => {
  const good = await seqerakit(CREDENTIALS, "--info");
  expect([good.exitCode, good.all]).toEqual([0, expect.stringContaining("System health status")]);
  const bad = await execa("seqerakit", ["--cli=--insecure", "--info"], {
    env: { ...env(), TOWER_ACCESS_TOKEN: "wrong" },
    extendEnv: false,
    reject: false,
  });
  expect(bad.exitCode).toBe(1);
});

test("without --insecure nothing is sent", async () => {
  const file = join(folder, "manifest.yml");
  await writeFile(file, stringify(CREDENTIALS));
  const run = await execa("seqerakit", [file], { env: env(), extendEnv: false, reject: false, all: true });
  expect(run.exitCode).toBe(1);
  expect(run.all).toContain("You are trying to connect to an insecure server");
  expect(faults.calls).toEqual([]);
});
