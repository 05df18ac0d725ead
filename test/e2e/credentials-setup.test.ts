/** `megatests credentials setup` and `unlock` at a terminal, against the sandbox's services, wrong answers included. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withoutAccounts } from "../../sandbox/environment.ts";
import { ensurePython } from "../../sandbox/toolchain/python.ts";
import { watchArgv, type ArgvWatch } from "../canary/argv.ts";
import { findSecrets } from "../canary/detector.ts";
import { KEYS, openTerminal, type Terminal } from "../terminal/terminal.ts";
import { startGrounds, type Grounds } from "./grounds.ts";

const SETUP = ["credentials", "setup"];
const UNLOCK = ["credentials", "unlock"];
let grounds: Grounds;
let python: string;
let home: string;
let env: NodeJS.ProcessEnv;
let argv: ArgvWatch;
/** All that terminals have shown, with every movement of the cursor. */
const shown: string[] = [];

beforeAll(async () => {
  ({ python } = await ensurePython());
  grounds = await startGrounds({ newKeySeconds: 0, envSeconds: 1 });
  home = join(grounds.world.folder, "home");
  await mkdir(home);
  const { AWS_CONFIG_FILE: _sandboxes, AWS_SHARED_CREDENTIALS_FILE: _too, ...rest } = grounds.env;
  env = { ...withoutAccounts(), ...rest, HOME: home, NO_COLOR: "1", TMPDIR: grounds.temporary };
  argv = await watchArgv();
});
afterAll(() => grounds.close());

const main = join(import.meta.dirname, "../../cli/main.ts");
const configFile = () => join(home, ".aws/config");
const cacheFile = (session: string) =>
  join(home, ".aws/sso/cache", `${createHash("sha1").update(session).digest("hex")}.json`);
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

/** A person at a terminal. */
async function at<T>(
  args: string[],
  work: (terminal: Terminal) => Promise<T>,
  extra: NodeJS.ProcessEnv = {},
): Promise<T> {
  const terminal = openTerminal(python, [process.execPath, main, ...args], { ...env, ...extra }, home);
  try {
    return await work(terminal);
  } finally {
    terminal.types(KEYS.interrupt);
    await terminal.ended;
    shown.push(terminal.raw());
  }
}

/** Nobody at a terminal. */
async function run(...args: string[]) {
  const done = await execa(process.execPath, [main, ...args], {
    ...{ env, extendEnv: false, cwd: home, reject: false, stdin: "ignore" },
  });
  shown.push(done.stdout, done.stderr);
  return done;
}

/** Allows the sign-in whose code the terminal shows. */
async function allow(terminal: Terminal, answer: "allowed" | "denied" = "allowed"): Promise<void> {
  const [code = ""] = await terminal.sees(/must be: {2}([A-Z]{4}-[A-Z]{4})/);
  grounds.fleet.sso.answer(code, answer);
}

/** Who one is with a profile, by AWS's SDK as any program uses it. */
async function whoIs(profile: string): Promise<string | undefined> {
  const before = { HOME: process.env.HOME, AWS_CONFIG_FILE: process.env.AWS_CONFIG_FILE };
  Object.assign(process.env, { HOME: home, AWS_CONFIG_FILE: configFile() });
  try {
    const credentials = fromIni({ profile, ignoreCache: true });
    const sts = new STSClient({ region: "eu-west-1", endpoint: grounds.fleet.urls.aws, credentials });
    return (await sts.send(new GetCallerIdentityCommand())).Arn;
  } finally {
    Object.assign(process.env, before);
  }
}

describe("AWS SSO", { timeout: 120_000 }, () => {
  const OWN =
    "# my own notes\n[profile mine]\nregion=eu-north-1 ; cold\n\n[profile taken]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = mine\n";

  it("is set up one question at a time; what is wrong is said with what is allowed, and asked again", async () => {
    const { sso } = grounds.fleet;
    await mkdir(join(home, ".aws"));
    await writeFile(configFile(), OWN);
    await at(SETUP, async (terminal) => {
      await terminal.sees("How do you hold your AWS credentials?");
      terminal.answers(KEYS.down);
      await terminal.sees("Start URL of the access portal");
      terminal.answers("awsapps.com/start");
      await terminal.sees(
        "Allowed: an https URL, e.g. https://d-1234567890.awsapps.com/start (http on loopback only)",
      );
      terminal.types("\x15");
      terminal.answers(`${sso.url}/wrong`);
      await terminal.sees("Region that IAM Identity Center is enabled in");
      terminal.answers("Ireland");
      await terminal.sees("Allowed: an AWS region, e.g. eu-west-1");
      terminal.types("\x15");
      terminal.answers("eu-west-1");
      await terminal.sees("Name for the sign-in, which profiles share");
      terminal.answers("");
      await terminal.sees(`error: AWS SSO does not know this start URL in this region.
  got:     ${sso.url}/wrong in eu-west-1
  allowed: the start URL that the access portal shows, and the region that IAM Identity Center is enabled in
  mend:    give them again: --start-url URL --sso-region REGION`);

      await terminal.sees("Start URL of the access portal");
      terminal.answers(sso.startUrl);
      await terminal.sees("Region that IAM Identity Center is enabled in");
      terminal.answers("eu-west-1");
      await terminal.sees("Name for the sign-in, which profiles share");
      terminal.types("\x15");
      terminal.answers("lab");
      await terminal.sees(
        `To sign in, open this page in a browser and allow it there:\n    ${sso.url}/device?user_code=`,
      );
      await allow(terminal);
      await terminal.sees("Signed in, until ");

      await terminal.sees("Account");
      terminal.types("megatests");
      // The other account has gone from the list: keys that come before that are not heard.
      await terminal.sees(/Account megatests\n❯ AWSMegatests \(123456789012\)\n\n/);
      terminal.answers("");
      await terminal.sees("Role");
      await terminal.sees("MegatestsDeployer");
      terminal.answers(KEYS.down);
      await terminal.sees("Region to work in");
      terminal.answers("");
      await terminal.sees("Name for the profile");
      terminal.answers("taken");
      await terminal.sees(`error: The profile taken is there already and is another one, so nothing is written.
  got:     no sso_session; no sso_account_id; no sso_role_name; no region; role_arn; source_profile
  allowed: sso_session = lab; sso_account_id = 123456789012; sso_role_name = MegatestsDeployer; region = eu-west-1
  mend:    choose another name: --profile NAME; or take the old one out of the file by hand`);
      expect(await readFile(configFile(), "utf8")).toBe(OWN);
      await terminal.sees("Name for the profile");
      terminal.answers("");
      await terminal.sees(`Written to ${configFile()}; what it was: ${configFile()}.`);
      await terminal.sees("Let stack sandbox take its AWS credentials from the profile megatests");
      terminal.answers("n");
      await terminal.sees("pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' sso");
      await terminal.sees(
        "The profile megatests works: role MegatestsDeployer in account 123456789012, as arn:aws:sts::",
      );
      expect(await terminal.ended).toBe(0);
    });
  });

  it("ends on Ctrl-C at a question, with nothing written", async () => {
    const before = await readFile(configFile());
    await at([...SETUP, "--how", "sso"], async (terminal) => {
      await terminal.sees("Start URL of the access portal");
      terminal.types(KEYS.interrupt);
      await terminal.sees(`error: Interrupted: nothing more is changed.
  mend:    run the same command again`);
      expect(await terminal.ended).toBe(1);
    });
    expect(await readFile(configFile())).toEqual(before);
  });

  it("leaves a profile that AWS's SDK works with, and what stood there before as it was", async () => {
    expect(await readFile(configFile(), "utf8")).toBe(`${OWN}
[sso-session lab]
sso_start_url = ${grounds.fleet.sso.startUrl}
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile megatests]
sso_session = lab
sso_account_id = 123456789012
sso_role_name = MegatestsDeployer
region = eu-west-1
`);
    const [backup = "", ...others] = (await readdir(join(home, ".aws"))).filter((name) =>
      name.endsWith(".bak"),
    );
    expect(others).toEqual([]);
    expect(await readFile(join(home, ".aws", backup), "utf8")).toBe(OWN);
    expect(await whoIs("megatests")).toMatch(
      /^arn:aws:sts::123456789012:assumed-role\/AWSReservedSSO_MegatestsDeployer_\w+\/operator@nf-co.re$/,
    );
    expect(await modeOf(cacheFile("lab"))).toBe("600");
    expect(JSON.parse(await readFile(cacheFile("lab"), "utf8"))).toEqual({
      startUrl: grounds.fleet.sso.startUrl,
      region: "eu-west-1",
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      clientId: expect.any(String),
      clientSecret: expect.any(String),
      registrationExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it("is set up again by flags alone, without a terminal, a sign-in or a change", async () => {
    const { sso } = grounds.fleet;
    const calls = sso.signInCalls().length;
    const before = await readFile(configFile());
    const flags = ["--how", "sso", "--start-url", sso.startUrl, "--sso-region", "eu-west-1"];
    const more = ["--account", "123456789012", "--role", "MegatestsDeployer"];
    const { exitCode, stdout, stderr } = await run(...SETUP, ...flags, ...more, "--use-for-stack");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`${configFile()} says it already.`)]);
    expect(stdout).toMatch(/^The profile megatests works: /);
    expect(await readFile(configFile())).toEqual(before);
    expect(sso.signInCalls()).toHaveLength(calls);
    const status = await run("credentials", "status", "--json");
    expect([status.exitCode, JSON.parse(status.stdout)]).toMatchObject([
      0,
      { sources: [{ source: "AWS SSO profile megatests", state: "good", account: "123456789012" }] },
    ]);
    expect(sso.signInCalls()).toHaveLength(calls);

    const wrong = await run(...SETUP, ...flags, "--account", "1");
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      expect.stringContaining(`error: --account cannot be used.
  got:     "1"
  allowed: 123456789012 (AWSMegatests); 210987654321 (nf-core-infrastructure)
  mend:    run it again with another --account, or without it at a terminal`),
    ]);
  });

  it("without a terminal, a missing answer is exit code 2 and a text with the flags", async () => {
    const { exitCode, stderr, stdout } = await run(...SETUP, "--how", "sso", "--sso-region", "eu-west-1");
    expect([exitCode, stdout]).toEqual([2, ""]);
    const setup = "npm run --silent megatests -- credentials setup";
    const items = "--vault NAME --aws-item TITLE --seqera-item TITLE --github-item TITLE";
    expect(stderr).toBe(`error: An answer is needed, and there is no terminal to ask at.
  got:     no --start-url
  allowed: every answer as a flag:
           ${setup} --how sso --start-url URL --sso-region REGION --account ID --role NAME
           ${setup} --how 1password --onepassword service-account --token-file FILE ${items}
           ${setup} --how 1password --onepassword connect --connect-host URL --token-file FILE ${items}
  mend:    run it at a terminal, or give the flags`);
  });

  it("when it has ended, every other command says so and signs in nowhere; unlock renews it", async () => {
    const { sso } = grounds.fleet;
    const token = JSON.parse(await readFile(cacheFile("lab"), "utf8")) as Record<string, string>;
    await writeFile(cacheFile("lab"), JSON.stringify({ ...token, expiresAt: "2026-01-01T00:00:00Z" }));
    const calls = sso.signInCalls().length;
    const locked = await run("credentials", "status");
    expect(locked.exitCode).toBe(3);
    expect(locked.stderr).toContain("npm run --silent megatests -- credentials unlock");
    expect(sso.signInCalls()).toHaveLength(calls);

    const { exitCode, stdout, stderr } = await run(...UNLOCK);
    expect([exitCode, stdout]).toEqual([
      0,
      "The profile megatests is open: role MegatestsDeployer in account 123456789012.",
    ]);
    expect(stderr).toMatch(/^The sign-in is renewed, until /);
    expect(
      sso
        .signInCalls()
        .slice(calls)
        .map(({ path }) => path),
    ).toEqual(["/token"]);
    const renewed = JSON.parse(await readFile(cacheFile("lab"), "utf8")) as Record<string, string>;
    expect(renewed.refreshToken).not.toBe(token.refreshToken);
    expect((await run("credentials", "status")).exitCode).toBe(0);
    expect((await run(...UNLOCK)).stderr).toMatch(/^Signed in already, until /);
  });

  it("unlock asks for a device code where nothing can be renewed; denied or interrupted, it says so", async () => {
    const { sso } = grounds.fleet;
    await rm(cacheFile("lab"));
    await at(UNLOCK, async (terminal) => {
      await allow(terminal, "denied");
      await terminal.sees(
        /error: The sign-in was denied\.\n {2}got: {5}the code [A-Z-]{9}, denied in the browser/,
      );
      expect(await terminal.ended).toBe(1);
    });
    await at(UNLOCK, async (terminal) => {
      await terminal.sees("Ctrl-C ends it");
      terminal.types(KEYS.interrupt);
      await terminal.sees(`error: Interrupted: nothing more is changed.
  mend:    run the same command again`);
      expect(await terminal.ended).toBe(1);
    });
    await expect(stat(cacheFile("lab"))).rejects.toThrow("ENOENT");
    sso.times.deviceSeconds = 1;
    const late = await run(...UNLOCK);
    sso.times.deviceSeconds = 600;
    expect([late.exitCode, late.stderr]).toEqual([
      1,
      expect.stringMatching(
        /error: The sign-in was not allowed in time\.\n {2}got: {5}no answer to the code [A-Z-]{9} within 1 min\n {2}allowed: the code, allowed in the browser before it expires\n {2}mend: {4}run the same command again, and allow it in the browser$/,
      ),
    ]);
    await at([...UNLOCK, "--profile", "megatests"], async (terminal) => {
      await allow(terminal);
      await terminal.sees("The profile megatests is open");
      expect(await terminal.ended).toBe(0);
    });
    const missing = await run(...UNLOCK, "--profile", "nobody");
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      `error: There is no profile nobody.
  allowed: a profile of AWS SSO in ~/.aws/config
  mend:    npm run --silent megatests -- credentials setup --how sso --profile nobody`,
    ]);
  });
});

describe("1Password", { timeout: 180_000 }, () => {
  const config = () => join(grounds.world.project, "Pulumi.sandbox.yaml");
  const NAMES = ["onepasswordVault", "awsItem", "seqeraItem", "seqeraWorkspaceIdField", "githubItem"];

  it("is set up one question at a time, each answer checked at once; the token is not shown and is kept encrypted", async () => {
    const { seed, fleet } = grounds;
    const before = await readFile(config(), "utf8");
    const kept = before
      .split("\n")
      .filter((line) => !/connect_|secure:/.test(line) && !NAMES.some((name) => line.includes(name)));
    await writeFile(config(), kept.join("\n"));
    const token = "not-the-token-of-this-server-0000000000";
    await at(SETUP, async (terminal) => {
      await terminal.sees("How do you hold your AWS credentials?");
      terminal.answers("");
      await terminal.sees("How do you reach 1Password?");
      terminal.answers(KEYS.down);
      await terminal.sees("Address of the Connect server");
      terminal.answers("http://connect.example.org");
      await terminal.sees("Allowed: an https URL without a path (http on loopback only)");
      terminal.types("\x15");
      terminal.answers(fleet.urls.onepassword);
      await terminal.sees("Connect server's token (it is not shown)");
      terminal.answers(token);
      await terminal.sees("Vault");
      terminal.answers("Prod");
      await terminal.sees(`error: 1Password does not show the vault Prod.
  got:     `);
      await terminal.sees("Invalid bearer token");
      await terminal.sees("What is to be given again?");
      terminal.answers(KEYS.down);
      await terminal.sees("Connect server's token (it is not shown)");
      terminal.answers(seed.connectToken);
      await terminal.sees(/got: .*No vault found with name/);
      await terminal.sees("What is to be given again?");
      terminal.answers("");
      await terminal.sees("Vault");
      terminal.answers(seed.vault);
      await terminal.sees("Item with the infrastructure's AWS access key");
      terminal.answers("AWS");
      await terminal.sees(`error: 1Password does not show the item AWS of the vault Dev.`);
      await terminal.sees("Item with the infrastructure's AWS access key");
      terminal.answers("AWS megatests");
      await terminal.sees("Item with the Seqera Platform token");
      terminal.answers("Seqera Platform");
      await terminal.sees("Field of it with the workspace's numeric id");
      terminal.answers("");
      await terminal.sees("seqeraWorkspaceIdField: AWSMegatests workspace ID");
      await terminal.sees("Item with the GitHub token");
      terminal.answers("GitHub nf-core PA Token Pulumi");
      await terminal.sees("1Password is set up.");
      expect(await terminal.ended).toBe(0);
      expect(findSecrets(terminal.raw(), { token, right: seed.connectToken })).toEqual([]);
    });
    const after = await readFile(config(), "utf8");
    expect(after).toMatch(/pulumi-onepassword:connect_token:\n {4}secure: v1:/);
    expect(after).toContain(`pulumi-onepassword:connect_host: ${fleet.urls.onepassword}\n`);
  });

  it("serves a deployment as it was set up", async () => {
    await run("credentials", "clear", "--yes");
    const { stdout } = await execa("pulumi", ["config", "rm", "AWSMegatests:awsCredentialSources"], {
      ...{ env, extendEnv: false, cwd: grounds.world.project },
    });
    expect(stdout).toBe("");
    const { exitCode, stdout: document } = await run("credentials", "status", "--json");
    expect([exitCode, JSON.parse(document)]).toMatchObject([0, { sources: [{ state: "good" }] }]);
    const preview = await grounds.deployment.preview(() => undefined);
    expect(preview.create).toBeGreaterThan(5);
  });

  it("is set up by flags alone; a token comes by a file that only its owner reads, or by a named variable", async () => {
    const { seed, fleet } = grounds;
    const file = join(home, "token");
    await writeFile(file, `${seed.connectToken}\n`, { mode: 0o644 });
    const flags = [
      "--how",
      "1password",
      "--onepassword",
      "connect",
      "--connect-host",
      fleet.urls.onepassword,
    ];
    const open = await run(...SETUP, ...flags, "--token-file", file);
    expect([open.exitCode, open.stderr]).toEqual([
      2,
      `error: --token-file cannot be used.
  got:     ${file} with mode 644
  allowed: a file with a token, which only its owner may read; or - for standard input
  mend:    chmod 600 ${file}`,
    ]);
    await execa("chmod", ["600", file]);
    // The rest the config names already: nobody has to say it again.
    const good = await run(...SETUP, ...flags, "--token-file", file);
    expect([good.exitCode, good.stdout, good.stderr]).toEqual([0, "1Password is set up.", expect.anything()]);
    const wrong = await run(...SETUP, ...flags, "--token-file", file, "--aws-item", "AWS");
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      1,
      expect.stringContaining("error: 1Password does not show the item AWS of the vault Dev."),
    ]);
    const env1 = await run(...SETUP, ...flags, "--token-env", "NO_SUCH_TOKEN");
    expect([env1.exitCode, env1.stderr]).toEqual([
      2,
      `error: --token-env cannot be used.
  got:     NO_SUCH_TOKEN, which is not set
  allowed: the name of an environment variable with a token
  mend:    export NO_SUCH_TOKEN, or take another`,
    ]);
  });
});

describe("where none of the named sources is there", { timeout: 120_000 }, () => {
  const NONE = { "AWSMegatests:awsCredentialSources": [{ source: "web-identity" }] };
  const REFUSED = "There are no AWS credentials: no source that the stack's config names is there.";
  const CHOICES = `error: ${REFUSED}
  got:     none of: web identity
  allowed: one of them, or another one, which the config has to name:
           - for one run only: megatests asks for them at a terminal; pulumi does not
           - an existing profile of AWS SSO: pulumi config rm AWSMegatests:awsCredentialSources --stack sandbox; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' sso --stack sandbox; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].profile' NAME --stack sandbox
           - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, where the stack may do with keys in clear: pulumi config set AWSMegatests:leastCredentialProtection plaintext --stack sandbox; pulumi config rm AWSMegatests:awsCredentialSources --stack sandbox; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' environment --stack sandbox
           - 1Password, or a new profile: the guided setup
  mend:    npm run --silent megatests -- credentials setup --replace-sources --stack sandbox`;
  const asked = async (terminal: Terminal) => {
    await terminal.sees(REFUSED);
    await terminal.sees("AWS credentials are needed");
    await terminal.sees("Set up where they come from (megatests credentials setup)");
  };

  it("asks at a terminal, takes what is typed for this run without showing it, and goes on", async () => {
    const { deployer } = grounds.seed;
    await grounds.withConfig(NONE, async () => {
      await at(["recover"], async (terminal) => {
        await asked(terminal);
        terminal.answers("");
        await terminal.sees("Access key id");
        terminal.answers(deployer.accessKeyId);
        await terminal.sees("Secret access key (not shown)");
        terminal.answers(deployer.secretAccessKey);
        await terminal.sees("Session token, if there is one (not shown)");
        terminal.answers("");
        await terminal.sees(
          "Stack sandbox needs no recovery: no lock, no pending operation, no access key that nobody works with.",
        );
        expect(await terminal.ended).toBe(0);
        expect(findSecrets(terminal.raw(), { typed: deployer.secretAccessKey })).toEqual([]);
        // No key brings it up.
        expect(terminal.text()).not.toContain("toggle visibility");
      });
    });
  });

  it("ends with the choices as text on Ctrl-C, and as the setup has ended where that is chosen", async () => {
    await grounds.withConfig(NONE, async () => {
      await at(["recover"], async (terminal) => {
        await asked(terminal);
        terminal.types(KEYS.interrupt);
        await terminal.sees(CHOICES);
        expect(await terminal.ended).toBe(2);
      });
      await at(["recover"], async (terminal) => {
        await asked(terminal);
        terminal.types(KEYS.down);
        await terminal.sees("❯ Use an existing profile of AWS SSO");
        terminal.answers(KEYS.down);
        await terminal.sees("How do you hold your AWS credentials?");
        terminal.types(KEYS.interrupt);
        await terminal.sees(
          "error: Interrupted: nothing more is changed.\n  mend:    run the same command again\n",
        );
        expect(await terminal.ended).toBe(1);
        expect(terminal.text()).toMatch(/ {2}mend: {4}run the same command again\n$/);
      });
    });
  });

  it("sets AWS SSO up where that is chosen, lets the stack take it in place of what is not there, and goes on", async () => {
    const { sso } = grounds.fleet;
    await rm(cacheFile("lab"), { force: true });
    await grounds.withConfig(NONE, async () => {
      await at(["recover"], async (terminal) => {
        await asked(terminal);
        terminal.types(KEYS.down);
        await terminal.sees("❯ Use an existing profile of AWS SSO");
        terminal.answers(KEYS.down);
        await terminal.sees("How do you hold your AWS credentials?");
        terminal.answers(KEYS.down);
        await terminal.sees("Start URL of the access portal");
        terminal.answers(sso.startUrl);
        await terminal.sees("Region that IAM Identity Center is enabled in");
        terminal.answers("eu-west-1");
        await allow(terminal);
        await terminal.sees("Signed in, until ");
        await terminal.sees("Account");
        terminal.types("megatests");
        await terminal.sees(/Account megatests\n❯ AWSMegatests \(123456789012\)\n\n/);
        terminal.answers("");
        await terminal.sees("Role");
        await terminal.sees("MegatestsDeployer");
        terminal.answers(KEYS.down);
        await terminal.sees("Region to work in");
        terminal.answers("");
        await terminal.sees("Name for the profile");
        terminal.answers("");
        await terminal.sees(
          "Let stack sandbox take its AWS credentials from the profile megatests, in place of what its config names (web-identity)",
        );
        terminal.answers("");
        await terminal.sees(
          "Stack sandbox takes its AWS credentials from the profile megatests from now on.",
        );
        await terminal.sees(
          "Stack sandbox needs no recovery: no lock, no pending operation, no access key that nobody works with.",
        );
        expect(await terminal.ended).toBe(0);
      });
      const status = await run("credentials", "status", "--json");
      expect([status.exitCode, JSON.parse(status.stdout)]).toMatchObject([
        0,
        { sources: [{ source: "AWS SSO profile megatests", state: "good" }] },
      ]);
    });
  });

  it("asks nobody who does not see it, and ends with the choices as text", async () => {
    await grounds.withConfig(NONE, async () => {
      const { exitCode, stdout, stderr } = await run("recover");
      expect([exitCode, stdout, stderr]).toEqual([2, "", CHOICES]);
      const log = join(home, "log");
      const command = ["sh", "-c", 'exec "$0" "$@" 2>log', process.execPath, main, "recover"];
      const terminal = openTerminal(python, command, env, home);
      expect(await terminal.ended).toBe(2);
      expect([terminal.text(), await readFile(log, "utf8")]).toEqual(["", `${CHOICES}\n`]);
    });
  });
});

it("no secret was ever shown, nor in the arguments of a process", async () => {
  const secrets = { ...grounds.secrets, ...grounds.fleet.sso.secrets() };
  expect(Object.keys(secrets)).toContain("access token 1");
  expect(findSecrets(shown.join("\n"), secrets)).toEqual([]);
  const seen = (await argv.end()).join("\n");
  expect(seen).toContain("credentials setup");
  expect(findSecrets(seen, secrets)).toEqual([]);
});
