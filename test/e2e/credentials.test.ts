/** Where the infrastructure's credentials come from: `megatests credentials` as people run it, and deployments by a session. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { StatusDocument } from "../../cli/credentials/status.ts";
import type { DoctorReport } from "../../cli/doctor/report.ts";
import { withoutAccounts } from "../../sandbox/environment.ts";
import { findSecrets } from "../canary/detector.ts";
import { signIn, ssoConfig, tokenFile } from "../sign-in.ts";
import { isProber } from "./calls.ts";
import { expectOneKey } from "./platform.ts";
import { startWorld, type E2eWorld } from "./world.ts";

let e2e: E2eWorld;
let home: string;
const SSO = {
  "AWSMegatests:awsCredentialSources": [{ source: "sso", profile: "deploy" }],
  "AWSMegatests:leastCredentialProtection": "reference",
  "AWSMegatests:computeEnvironments": ["seqerakit/compute-envs/gpu.yml"],
};
const LOCKED = `unlock required: AWS SSO profile deploy
  got:     no session lab
  allowed: a session that is signed in
  mend:    npm run --silent megatests -- credentials unlock --profile deploy`;
/** Somebody else's: no source that is named looks at them. */
const STRAY = {
  AWS_ACCESS_KEY_ID: "AKIASOMEBODYELSES001",
  AWS_SECRET_ACCESS_KEY: "not to be used",
  AWS_SESSION_TOKEN: "not to be used either",
  AWS_PROFILE: "somebody-elses",
};
/** How the engine's formats mark a secret. */
const SECRET = "4dabf18193072939515e22adb298388d";
const before = { HOME: process.env.HOME };

beforeAll(async () => {
  e2e = await startWorld();
  home = join(e2e.world.folder, "home");
  await mkdir(home);
  await writeFile(
    e2e.env.AWS_CONFIG_FILE!,
    `${ssoConfig(e2e.fleet.sso, e2e.seed.awsAccountId)}[profile ${STRAY.AWS_PROFILE}]\nregion = us-east-1\n`,
  );
  // The program runs in this process.
  Object.assign(process.env, { HOME: home }, STRAY);
}, 120_000);
afterAll(async () => {
  Object.assign(process.env, before);
  for (const name of Object.keys(STRAY)) delete process.env[name];
  await e2e.close();
}, 60_000);

it(
  "shows who 1Password's key is, that it does not end, and what is better",
  { timeout: 60_000 },
  async () => {
    const { exitCode, stdout, stderr } = await credentials("status", "--json");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const { sources, ...rest } = JSON.parse(stdout) as StatusDocument;
    expect(rest).toEqual({
      stack: "sandbox",
      leastCredentialProtection: "encrypted",
      advice: `1Password holds a key that does not end by itself. Temporary credentials are better: an AWS SSO profile (sso),
web identity in CI (web-identity), or a role on top of this source (assume-role).`,
    });
    const { awsAccountId: account, deployer } = e2e.seed;
    expect(sources).toEqual([
      {
        ...{ source: "1Password", protection: "encrypted", state: "good", account, temporary: false },
        identity: `arn:aws:iam::${account}:user/${deployer.userName}`,
        lastCheck: expect.stringMatching(/^20.*Z$/),
      },
    ]);
    const table = await credentials("status");
    expect(table.stdout).toContain("1Password");
    expect(table.stdout).not.toContain("AKIA");
  },
);

it("stops where the session is locked, before anything is touched", { timeout: 90_000 }, async () => {
  await e2e.withConfig(SSO, async () => {
    const run = await e2e.run("up");
    expect(run.ok).toBe(false);
    expect(run.text).toContain(LOCKED);
    expect(run.text).not.toContain("    at ");
    expect(new Set(run.calls.map(({ service }) => service))).toEqual(new Set(["onepassword"]));

    for (const args of [["credentials", "status"], ["recover", "--yes"], ["status"]]) {
      const since = lastCall();
      const { exitCode, stderr } = await megatests(...args);
      expect([exitCode, stderr]).toEqual([3, `error: ${LOCKED}`]);
      expect(callsSince(since).filter((service) => service !== "onepassword")).toEqual([]);
    }
    const { exitCode, stdout } = await megatests("doctor", "--json");
    const { locked, rows } = JSON.parse(stdout) as DoctorReport;
    const failed = rows.filter(({ state }) => state === "fail").map(({ name }) => name);
    expect([exitCode, locked, failed]).toEqual([3, true, ["AWS credentials"]]);
    expect(e2e.fleet.sso.signInCalls()).toEqual([]);
  });
});

it("stops where the session has ended, in a preview, too", { timeout: 60_000 }, async () => {
  await e2e.withConfig(SSO, async () => {
    await signIn(e2e.fleet.sso, home, -60_000);
    const signIns = e2e.fleet.sso.signInCalls().length;
    const { ok, text, calls } = await e2e.run("preview");
    expect(ok).toBe(false);
    const { expiresAt } = JSON.parse(await readFile(tokenFile(home), "utf8")) as { expiresAt: string };
    expect(text).toContain(LOCKED.replace("no session lab", `a session that has ended at ${expiresAt}`));
    expect(new Set(calls.map(({ service }) => service))).toEqual(new Set(["onepassword"]));
    expect(e2e.fleet.sso.signInCalls()).toHaveLength(signIns);
  });
});

it(
  "deploys by a session, with credentials that end, and signs in nowhere",
  { timeout: 120_000 },
  async () => {
    await e2e.withConfig(SSO, async () => {
      await signIn(e2e.fleet.sso, home);
      const signIns = e2e.fleet.sso.signInCalls().length;
      const { text, ok } = await e2e.run("up");
      expect(ok, text).toBe(true);
      await expectOneKey(e2e);

      const { exitCode, stdout, stderr } = await credentials("status", "--json");
      expect([exitCode, stderr]).toEqual([0, ""]);
      const { sources, advice } = JSON.parse(stdout) as StatusDocument;
      expect(advice).toBeUndefined();
      expect(sources).toEqual([
        {
          ...{ source: "AWS SSO profile deploy", protection: "reference", state: "good", temporary: true },
          account: e2e.seed.awsAccountId,
          identity: expect.stringContaining("/AWSReservedSSO_MegatestsDeployer_"),
          ...{ expires: expect.any(String), sessionEnds: expect.any(String), lastCheck: expect.any(String) },
        },
      ]);
      expect(e2e.fleet.sso.signInCalls()).toHaveLength(signIns);
      const { deployment } = (await e2e.stack.exportStack()) as {
        deployment: { resources: { type: string; inputs?: Record<string, unknown> }[] };
      };
      const provider = deployment.resources.find(({ type }) => type === "pulumi:providers:aws");
      // The export is in clear, and says what is kept as ciphertext.
      expect(provider?.inputs?.token).toHaveProperty(SECRET, "1b47061264138c4ac30d75fd1eb44270");
    });
  },
);

it(
  "signs in nowhere, whatever is run, though the session is about to end and could be renewed",
  {
    timeout: 180_000,
  },
  async () => {
    await e2e.withConfig(SSO, async () => {
      await signIn(e2e.fleet.sso, home, 120_000);
      const signIns = e2e.fleet.sso.signInCalls().length;
      for (const args of [
        ["status"],
        ["doctor"],
        ["recover", "--yes"],
        ["credentials", "status"],
        ["complete", "--", "credentials", ""],
        ["--help"],
      ]) {
        const { exitCode, stdout, stderr } = await megatests(...args);
        expect(exitCode, `${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
      }
      for (const operation of ["preview", "up"] as const) {
        const { ok, text } = await e2e.run(operation);
        expect(ok, text).toBe(true);
      }
      await e2e.stack.refresh({ runProgram: true, color: "never" });
      expect(e2e.fleet.sso.signInCalls()).toHaveLength(signIns);
      const { ok, text } = await e2e.run("destroy");
      expect(ok, text).toBe(true);
      expect(e2e.fleet.sso.signInCalls()).toHaveLength(signIns);
    });
  },
);

it("clears what is kept on this machine, when somebody agrees", { timeout: 60_000 }, async () => {
  await e2e.withConfig(SSO, async () => {
    const signIns = e2e.fleet.sso.signInCalls().length;
    const unasked = await credentials("clear");
    expect([unasked.exitCode, unasked.stderr]).toEqual([
      2,
      `error: Nothing is removed, for nobody has agreed to it.
  got:     no --yes, and no terminal to ask at
  allowed: a yes to what is listed above, at a terminal or by --yes
  mend:    npm run --silent megatests -- credentials clear --yes --stack sandbox`,
    ]);
    const checks = join(home, "state/awsmegatests/credential-checks.json");
    expect((await stat(checks)).mode & 0o777).toBe(0o600);
    expect(await readFile(checks, "utf8")).toContain("AWS SSO profile deploy");

    const cleared = await credentials("clear", "--yes");
    expect([cleared.exitCode, cleared.stderr, cleared.stdout]).toEqual([
      0,
      "",
      `To be removed:
  session of AWS SSO: ${tokenFile(home)}
  last checks of 1Password, AWS SSO profile deploy: in ${checks}
Removed.`,
    ]);
    await expect(stat(tokenFile(home))).rejects.toThrow("ENOENT");
    await expect(stat(checks)).rejects.toThrow("ENOENT");
    expect(e2e.fleet.sso.signInCalls()).toHaveLength(signIns);
  });
});

it(
  "gives the choices as text where no source is there and nobody can be asked",
  { timeout: 60_000 },
  async () => {
    const none = { ...SSO, "AWSMegatests:awsCredentialSources": [{ source: "web-identity" }] };
    await e2e.withConfig(none, async () => {
      const { exitCode, stderr } = await megatests("recover", "--yes");
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /^error: There are no AWS credentials: no source that the stack's config names is there\.\n/,
      );
      expect(stderr).toContain("\n           - an existing profile of AWS SSO: pulumi config rm ");
    });
  },
);

it("has shown no secret", () => {
  const secrets = { ...e2e.secrets, ...e2e.fleet.aws.madeSecrets(), ...e2e.fleet.sso.secrets() };
  expect(findSecrets(e2e.printed.join("\n"), secrets)).toEqual([]);
});

const credentials = (...args: string[]) => megatests("credentials", ...args);

/** Runs a command where nobody can be asked. */
async function megatests(...args: string[]) {
  const env = { ...withoutAccounts(), ...e2e.env, ...STRAY, HOME: home, XDG_STATE_HOME: join(home, "state") };
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["cli/main.ts", ...args], {
    ...{ cwd: e2e.world.root, env: { ...env, NO_COLOR: "1" }, extendEnv: false, stdin: "ignore" },
    reject: false,
  });
  e2e.printed.push(stdout, stderr);
  return { exitCode, stdout, stderr };
}

function lastCall(): number {
  return e2e.faults.calls.at(-1)?.n ?? 0;
}

function callsSince(since: number): string[] {
  return e2e.faults.calls.filter((call) => call.n > since && !isProber(call)).map(({ service }) => service);
}
