/** `megatests recover` as people run it, on a stack whose engine was killed. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { RecoverReport } from "../../cli/recover/recover.ts";
import { withoutAccounts } from "../../sandbox/environment.ts";
import { STACK } from "../../sandbox/world.ts";
import { findSecrets } from "../canary/detector.ts";
import { makeDeployer, type Deployer } from "../faults/deploy.ts";
import { isProber, writes } from "./calls.ts";
import { expectOneKey, heldKey } from "./platform.ts";
import { keysOf, leftBehind, startWorld, type E2eWorld } from "./world.ts";

let e2e: E2eWorld;
let deployer: Deployer;
let locks: string;
const printed: string[] = [];
/** One compute environment is enough here. */
const SETTINGS = { "AWSMegatests:computeEnvironments": ["seqerakit/compute-envs/gpu.yml"] };
const deploy = () => e2e.withConfig(SETTINGS, deployer.up);

beforeAll(async () => {
  e2e = await startWorld();
  deployer = makeDeployer(e2e);
  locks = join(e2e.world.state, ".pulumi/locks/organization/AWSMegatests", STACK);
  const { end, text } = await deploy();
  expect(end, text).toBe("ok");
}, 180_000);
afterAll(async () => {
  await deployer.close();
  await e2e.close();
}, 60_000);
afterEach(() => {
  expect(e2e.prober.probed.refused).toEqual([]);
});

it("mends what an engine leaves that was killed while it made a key", { timeout: 120_000 }, async () => {
  const held = await heldKey(e2e);
  const since = lastCall();
  for (const kind of ["signal-after", "hang"] as const)
    e2e.faults.add({ service: "aws", path: "^iam:CreateAccessKey$", kind });
  expect((await deploy()).end).toBe("killed");
  await askedTwice(since);
  const [orphan] = keysOf(await e2e.inspect()).filter((id) => id !== held);
  const [lock] = (await lockFiles()).map((text) => JSON.parse(text) as { pid: number });

  const unasked = await recover();
  expect([unasked.exitCode, unasked.writes]).toEqual([2, []]);
  expect(unasked.stderr).toBe(`error: Nothing is changed, for nobody has agreed to it.
  got:     no --yes, and no terminal to ask at
  allowed: --yes
  mend:    npm run --silent megatests -- recover --stack sandbox --yes`);
  expect(unasked.stdout).toContain(`a lock of process ${lock?.pid} of`);
  expect(await lockFiles()).toHaveLength(1);

  const mended = await recover("--yes", "--json");
  expect(mended.exitCode, mended.stderr).toBe(0);
  const { found, ...rest } = JSON.parse(mended.stdout) as RecoverReport;
  expect(rest).toEqual({ stack: STACK, end: "mended", unlocked: true, left: [] });
  expect(found.map((item) => item.found)).toEqual([
    expect.stringContaining(`a lock of process ${lock?.pid} of`),
    "a pending operation: creating aws:iam:AccessKey towerforge-key",
    `access key ${orphan}: not in the state, and in no credentials on Seqera Platform`,
  ]);
  expect(mended.writes).toEqual(["aws iam:DeleteAccessKey"]);
  await expectOneKey(e2e, held);
  expect(await lockFiles()).toEqual([]);

  const { end, text } = await deploy();
  expect(end, text).toBe("ok");
  expect(text).not.toContain("pending");
  await expectOneKey(e2e);
});

it("changes nothing on a healthy stack", { timeout: 60_000 }, async () => {
  const before = await stateFiles();
  const { exitCode, stdout, stderr, writes } = await recover("--yes");
  expect([exitCode, stderr, writes]).toEqual([0, "", []]);
  expect(stdout).toBe(
    `Stack ${STACK} needs no recovery: no lock, no pending operation, no access key that nobody works with.`,
  );
  expect(await stateFiles()).toEqual(before);
});

it("lets the engine read a state again that it was killed while writing", { timeout: 60_000 }, async () => {
  const note = join(e2e.world.state, `.pulumi/stacks/AWSMegatests/${STACK}.json.attrs`);
  await writeFile(note, "");
  await expect(pulumi("stack", "export")).rejects.toThrow("failed to load checkpoint: EOF");
  const { exitCode, stderr, writes } = await recover("--yes");
  expect([exitCode, stderr, writes]).toEqual([0, "", []]);
  expect(await pulumi("stack", "export")).toContain('"deployment"');
});

it("leaves a lock alone whose process runs", { timeout: 60_000 }, async () => {
  const timestamp = new Date().toISOString();
  const lock = { pid: process.pid, username: "ann", hostname: hostname(), timestamp };
  await mkdir(locks, { recursive: true });
  await writeFile(join(locks, "alive.json"), JSON.stringify(lock));
  const { exitCode, stdout, stderr } = await recover("--yes", "--nobody-deploys");
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(`error: The stack is being deployed, so nothing is changed.
  got:     a lock of process ${process.pid} of ann@${hostname()}, since ${timestamp}
  allowed: no deployment under way
  mend:    wait until it has ended, or end it with: kill -INT ${process.pid}; then run the same command again`);
  expect(await lockFiles()).toEqual([JSON.stringify(lock)]);
  await writeFile(join(locks, "alive.json"), JSON.stringify({ ...lock, timestamp: "2020-01-01T00:00:00Z" }));
  expect((await recover("--yes")).exitCode).toBe(0);
  expect(await lockFiles()).toEqual([]);
});

it("names what the next deployment takes over", { timeout: 120_000 }, async () => {
  const { deployment } = JSON.parse(await pulumi("stack", "export")) as {
    deployment: { resources: { urn: string }[] };
  };
  for (const name of ["github-TOWER_COMPUTE_ENV_GPU", "seqera-gpu"]) {
    const urn = deployment.resources.find((each) => each.urn.endsWith(`::${name}`))?.urn ?? "";
    await pulumi("state", "delete", urn, "--yes");
  }
  const { platform } = await e2e.inspect();
  const env = platform.computeEnvs.find(({ name }) => name.includes("_gpu_"));
  const { exitCode, stdout, writes } = await recover("--yes", "--json");
  expect([exitCode, writes]).toEqual([0, []]);
  expect(JSON.parse(stdout)).toMatchObject({
    end: "healthy",
    left: [
      {
        found: `compute environment ${env?.name} (${env?.id}), AVAILABLE: not in the state`,
        by: "pulumi up",
      },
      {
        found: `variable TOWER_COMPUTE_ENV_GPU = "${env?.id}": not in the state`,
        then: "takes it over: it says what is to be published",
        by: "pulumi up",
      },
    ],
  });
  const { end, text } = await deploy();
  expect(end, text).toBe("ok");
  expect((await e2e.inspect()).platform.computeEnvs.map(({ id }) => id)).toContain(env?.id);
});

it("has shown no secret, put none into an argument, and left no file behind", async () => {
  const secrets = { ...e2e.secrets, ...e2e.fleet.aws.madeSecrets() };
  expect(printed.join("\n")).toContain("access key");
  expect(findSecrets(printed.join("\n"), secrets)).toEqual([]);
  const seen = (await e2e.argv.end()).join("\n");
  expect(seen).toContain("cli/main.ts recover");
  expect(findSecrets(seen, secrets)).toEqual([]);
  expect(await leftBehind(e2e)).toEqual([]);
});

/** Runs the command where nobody can be asked, and notes what it changes at the services. */
async function recover(...args: string[]) {
  const since = lastCall();
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["cli/main.ts", "recover", ...args], {
    ...{ cwd: e2e.world.root, env: { ...variables(), NO_COLOR: "1" }, extendEnv: false, stdin: "ignore" },
    reject: false,
  });
  printed.push(stdout, stderr);
  const calls = e2e.faults.calls.filter((call) => call.n > since && !isProber(call));
  return { exitCode, stdout, stderr, writes: writes(calls) };
}

/** The aws plugin outlives the engine and asks once more where it got no answer: waits for that, a minute at most. */
async function askedTwice(since: number): Promise<void> {
  const asked = () => e2e.faults.calls.filter(({ n, path }) => n > since && path === "iam:CreateAccessKey");
  for (let tries = 0; tries < 600 && asked().length < 2; tries++) await sleep(100);
}

function lastCall(): number {
  return e2e.faults.calls.at(-1)?.n ?? 0;
}

async function pulumi(...args: string[]): Promise<string> {
  return (await execa("pulumi", args, { env: variables(), extendEnv: false })).stdout;
}

function variables(): NodeJS.ProcessEnv {
  return { ...withoutAccounts(), ...e2e.env, TMPDIR: e2e.temporary };
}

/** What each lock of the stack says. */
async function lockFiles(): Promise<string[]> {
  const names = await readdir(locks).catch(() => []);
  return Promise.all(
    names.filter((name) => name.endsWith(".json")).map((name) => readFile(join(locks, name), "utf8")),
  );
}

/** Everything the engine keeps, by file. */
async function stateFiles(): Promise<Record<string, string>> {
  const entries = await readdir(e2e.world.state, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const)),
  );
}
