/** `megatests sandbox` as people run it, in a world whose secrets are known: none of them is to be seen anywhere. */
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import ky from "ky";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UpDocument } from "../../cli/sandbox/document.ts";
import { withoutAccounts } from "../../sandbox/environment.ts";
import { seal } from "../../sandbox/sealed.ts";
import { findServices, stopServices } from "../../sandbox/services/client.ts";
import type { FaultRule } from "../../sandbox/services/faults.ts";
import { readRecord } from "../../sandbox/services/record.ts";
import { openWorld, prepareWorld, type World } from "../../sandbox/world.ts";
import { watchArgv, type ArgvWatch } from "../canary/argv.ts";
import { findSecrets } from "../canary/detector.ts";
import { searchFolder } from "../canary/files.ts";
import { makeCanaryWorld } from "../canary/seed.ts";

const { seed, secrets } = makeCanaryWorld();
const printed: string[] = [];
let folder: string;
let temporary: string;
let world: World;
let argv: ArgvWatch;
let inTmpBefore: string[];
/** Lines that `--keep` has printed. */
let shell: string[];

beforeAll(async () => {
  inTmpBefore = await readdir("/tmp");
  folder = await mkdtemp(join(tmpdir(), "command-line-"));
  temporary = join(folder, "tmp");
  await mkdir(temporary);
  world = openWorld(join(folder, "sandbox"));
  await prepareWorld(world);
  await seal(world.snapshot, world.snapshotKey, { seed, services: {} });
  secrets.passphrase = await readFile(world.passphrase, "utf8");
  secrets["snapshot's key"] = await readFile(world.snapshotKey, "utf8");
  argv = await watchArgv();
});

afterAll(async () => {
  await stopServices(world);
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe("the command line", { timeout: 180_000 }, () => {
  it("keeps the services for one's own commands, and hands secrets over as files", async () => {
    const { exitCode, stdout, stderr } = await sandbox("preview", "--keep");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("pulumi preview")]);
    shell = stdout.split("\n");
    expect(shell.filter((line) => !/^(unset|export \w+=)/.test(line))).toEqual([]);
    secrets["token of the services' control"] = (await readRecord(world)).running?.token ?? "";
    expect(await secretFiles()).toEqual([
      "passphrase 600",
      "secrets/AWS_SECRET_ACCESS_KEY 600",
      "secrets/GITHUB_TOKEN 600",
      "secrets/TOWER_ACCESS_TOKEN 600",
      "services.json 600",
      "world.key 600",
    ]);
  });

  it("prints one document about a deployment, and leaves running services running", async () => {
    const { exitCode, stdout, stderr } = await sandbox("up", "--json");
    expect(exitCode, stderr).toBe(0);
    const { aws, platform, github, prober, real, standIns } = JSON.parse(stdout) as UpDocument;
    expect(real).toEqual(["engine", "seqerakit", "moto"]);
    expect(standIns).toEqual(["aws", "command", "github", "onepassword", "tw"]);
    expect(aws.keys).toEqual([{ id: platform.credentials?.accessKeyId, status: "Active" }]);
    expect(platform.computeEnvs.map(({ status, credentialsId }) => [status, credentialsId])).toEqual(
      Array(3).fill(["AVAILABLE", platform.credentials?.id]),
    );
    expect(Object.values(github.variables)).toEqual(
      expect.arrayContaining(platform.computeEnvs.map(({ id }) => id)),
    );
    expect(prober.refused).toBe(0);
    expect(await temporaryFiles()).toEqual([]);
  });

  it("fails with the tool's words, prints no document, and leaves no file behind", async () => {
    await addFault({
      service: "platform",
      method: "PUT",
      path: "^/api/credentials/",
      kind: "status",
      status: 403,
    });
    const { exitCode, stdout, stderr } = await sandbox("up", "--json");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/tw failed with exit code 1\.\n {2}ran: {5}tw \S.*\n {2}got: {5}ERROR: /);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await temporaryFiles()).toEqual([]);
  });

  it("shows the state with two keys in it, and neither's secret, to one's own pulumi", async () => {
    for (const command of ["export", "output --json", "output --shell", "history --full-dates"]) {
      const stdout = await inShell(`pulumi stack ${command}`);
      printed.push(stdout);
      if (!command.startsWith("history")) expect(stdout).toContain("TowerForge-AWSMegatests");
    }
    const { deployment } = JSON.parse(await inShell("pulumi stack export --show-secrets")) as {
      deployment: {
        resources: { type: string; id: string; outputs: Record<string, { plaintext?: string }> }[];
      };
    };
    const keys = deployment.resources.filter(({ type }) => type === "aws:iam/accessKey:AccessKey");
    expect(keys).toHaveLength(2);
    for (const { id, outputs } of keys)
      for (const name of ["secret", "sesSmtpPasswordV4"])
        secrets[`${name} of ${id}`] = JSON.parse(outputs[name]?.plaintext ?? "") as string;
    expect(findSecrets(printed.join("\n"), secrets)).toEqual([]);
  });

  it("takes everything away, both keys too", async () => {
    const { exitCode, stdout, stderr } = await sandbox("destroy", "--json");
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      aws: { user: null, role: null, policies: [], keys: [] },
      platform: { credentials: null, computeEnvs: [] },
      github: { variables: {}, secrets: [] },
      bucket: { name: "nf-core-awsmegatests", exists: true },
    });
    expect((await sandbox("down")).exitCode).toBe(0);
    expect(await findServices(world)).toBeUndefined();
  });

  it("has printed no secret", () => {
    expect(printed.join("\n")).toContain(String(seed.workspaceId));
    expect(findSecrets(printed.join("\n"), secrets)).toEqual([]);
  });

  it("has put no secret into the arguments of any process", async () => {
    const seen = (await argv.end()).join("\n");
    for (const program of [
      "sandbox/services/main.ts",
      "sandbox/plugins/main.ts",
      "serve.py",
      "seqerakit",
      "sandbox/tw/main.ts",
      "pulumi",
    ])
      expect(seen).toContain(program);
    expect(findSecrets(seen, secrets)).toEqual([]);
  });

  it("has left secrets in no file but its own, and no temporary file", async () => {
    expect(await secretFiles()).toEqual(["passphrase 600", "world.key 600"]);
    expect(await temporaryFiles()).toEqual([]);
    const here = folder.split("/").at(-1) ?? "";
    const others = (await readdir("/tmp")).filter((name) => !inTmpBefore.includes(name) && name !== here);
    const found = await Promise.all(
      others.map((name) => searchFolder(join("/tmp", name), secrets).catch(() => [])),
    );
    expect(found.flat()).toEqual([]);
  });
});

async function sandbox(...args: string[]) {
  const done = await execa(process.execPath, ["cli/main.ts", "sandbox", ...args], {
    env: { ...withoutAccounts(), MEGATESTS_SANDBOX: world.folder, TMPDIR: temporary },
    extendEnv: false,
    reject: false,
  });
  printed.push(done.stdout, done.stderr);
  return done;
}

/** Runs a command as the printed lines prepare a shell for it. */
async function inShell(command: string): Promise<string> {
  const env = { ...withoutAccounts(), TMPDIR: temporary };
  const { stdout } = await execa("bash", ["-c", `${shell.join("\n")}\n${command}`], {
    env,
    extendEnv: false,
  });
  return stdout;
}

async function addFault(rule: FaultRule): Promise<void> {
  const { running } = await readRecord(world);
  await ky.post(`${running?.control}/faults`, {
    json: rule,
    headers: { authorization: `Bearer ${running?.token}` },
  });
}

/** Every file of the sandbox with a secret in clear or encoded, and its mode. */
async function secretFiles(): Promise<string[]> {
  const found = await searchFolder(world.folder, secrets);
  return [...new Set(found.map(({ file, mode }) => `${file} ${mode}`))].toSorted();
}

async function temporaryFiles(): Promise<string[]> {
  return readdir(temporary, { recursive: true });
}
