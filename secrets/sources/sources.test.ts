/** Every source against the services of the sandbox: moto's STS and Secrets Manager, the stand-in of AWS's sign-in. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Fault } from "../../fault.ts";
import { type AwsService, startAws } from "../../sandbox/services/aws/gateway.ts";
import { pythonForTests } from "../../sandbox/services/aws/python-for-tests.ts";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { makeSeed } from "../../sandbox/services/seed.ts";
import { type SsoService, startSso } from "../../sandbox/services/sso/index.ts";
import { signIn, ssoConfig, tokenFile } from "../../test/sign-in.ts";
import {
  listSsoProfiles,
  loadFirst,
  NoCredentials,
  openSource,
  readSsoProfile,
  type SourceSetting,
  UnlockRequired,
  whoIs,
} from "./index.ts";
import type { Surroundings } from "./surroundings.ts";

const seed = makeSeed();
const faults = new FaultInjector();
const { accessKeyId, secretAccessKey } = seed.deployer;
const ROLE = `arn:aws:iam::${seed.awsAccountId}:role/deployer`;
const MEND = {
  environment: "export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, all of one key",
};
let aws: AwsService;
let sso: SsoService;
let home: string;

beforeAll(async () => {
  aws = await startAws({ faults, seed, python: await pythonForTests(), newKeySeconds: 0 });
  sso = await startSso({ faults, seed, assumeRole: aws.assumeRole, times: { intervalSeconds: 0 } });
  const Action = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"];
  const trust = { Effect: "Allow", Principal: { AWS: "*" }, Action };
  await new IAMClient(aws.adminClientConfig()).send(
    new CreateRoleCommand({
      RoleName: "deployer",
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    }),
  );
});
afterAll(async () => {
  await sso.close();
  await aws.close();
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "megatests-home-"));
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_ENDPOINT_URL", aws.url);
  vi.stubEnv("AWS_ENDPOINT_URL_SSO", sso.url);
  // Where the SDK would renew a session.
  vi.stubEnv("AWS_ENDPOINT_URL_SSO_OIDC", sso.url);
  return async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  };
});

function surroundings(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    env: {},
    folder: home,
    region: seed.region,
    callSeconds: 10,
    onePassword: async () => ({ accessKeyId, secretAccessKey }),
    onePasswordItem: {
      ...{ vault: "Dev", title: "AWS megatests", accessKeyId: "username", secretAccessKey: "password" },
      sessionToken: "",
    },
    ...changes,
  };
}
const load = (setting: SourceSetting, changes?: Partial<Surroundings>) =>
  openSource(setting, surroundings(changes)).load();
/** Who the credentials are that a source gives. */
async function identity(setting: SourceSetting, changes?: Partial<Surroundings>) {
  const found = await load(setting, changes);
  if (!found) throw new Error("the source is not there");
  return { ...(await whoIs(found, surroundings())), temporary: found.sessionToken !== undefined };
}
const DEPLOYER = {
  account: seed.awsAccountId,
  arn: `arn:aws:iam::${seed.awsAccountId}:user/${seed.deployer.userName}`,
  temporary: false,
};
const assumed = (by: string) => ({
  account: seed.awsAccountId,
  arn: `arn:aws:sts::${seed.awsAccountId}:assumed-role/${by}`,
  temporary: true,
});

async function writeProfile(text = ssoConfig(sso, seed.awsAccountId)): Promise<void> {
  await mkdir(join(home, ".aws"), { recursive: true });
  await writeFile(join(home, ".aws/config"), text);
}

describe("sso", () => {
  const setting = { source: "sso", profile: "deploy" } as const;

  it("gives a role's credentials, which end, for the session of a profile", async () => {
    await writeProfile();
    await signIn(sso, home);
    const found = await load(setting);
    expect(await identity(setting)).toMatchObject({
      account: seed.awsAccountId,
      arn: expect.stringContaining("AWSReservedSSO_MegatestsDeployer_"),
      temporary: true,
    });
    expect(found?.expiration?.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);
    expect((await openSource(setting, surroundings()).sessionEnd?.())?.getTime()).toBeGreaterThan(Date.now());
  });

  it("is not there without the profile", async () => {
    expect(await load(setting)).toBeUndefined();
    await writeProfile();
    expect(await load({ source: "sso", profile: "other" })).toBeUndefined();
  });

  it("is locked without a session", async () => {
    await writeProfile();
    const refusal = (await load(setting).catch((reason: unknown) => reason)) as UnlockRequired;
    expect(refusal).toBeInstanceOf(UnlockRequired);
    expect(refusal.message).toBe(`unlock required: AWS SSO profile deploy
  got:     no session lab
  allowed: a session that is signed in
  mend:    npm run --silent megatests -- credentials unlock --profile deploy`);
  });

  it("never asks the sign-in service, although it could renew the session there", async () => {
    await writeProfile();
    await signIn(sso, home, -1000);
    const before = sso.signInCalls().length;
    await expect(load(setting)).rejects.toThrow(
      /^unlock required: .*\n {2}got: {5}a session that has ended at 20/,
    );
    await signIn(sso, home, 60_000);
    const after = sso.signInCalls().length;
    expect(await load(setting)).toBeDefined();
    expect([before > 0, sso.signInCalls().length]).toEqual([true, after]);
  });

  it("is locked where AWS has ended the session", async () => {
    await writeProfile();
    await signIn(sso, home);
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await writeFile(tokenFile(home), JSON.stringify({ accessToken: "revoked", expiresAt }));
    await expect(load(setting)).rejects.toThrow(
      new UnlockRequired("deploy", "a session that AWS has ended before its time"),
    );
  });

  it("says which role is not assigned", async () => {
    await writeProfile(ssoConfig(sso, seed.awsAccountId, "Nobody"));
    await signIn(sso, home);
    await expect(load(setting)).rejects.toThrow(
      new Fault("AWS SSO gives no credentials: AWS SSO profile deploy.", {
        got: "No access",
        allowed: `the role Nobody in account ${seed.awsAccountId}, assigned to whoever has signed in`,
        mend: "have the role assigned; or choose another one: npm run --silent megatests -- credentials setup",
      }),
    );
  });

  it.each([
    ["429 Fault injected by the sandbox: HTTP 429", { kind: "status", status: 429 }],
    ["503 Fault injected by the sandbox: HTTP 503", { kind: "status", status: 503 }],
    ["socket hang up", { kind: "drop-before" }],
  ] as const)("blames nobody's role where the portal cannot be asked: %s", async (got, fault) => {
    await writeProfile();
    await signIn(sso, home);
    faults.add({ service: "sso", path: "^/federation", times: 3, ...fault });
    await expect(load(setting)).rejects.toThrow(
      new Fault("AWS SSO cannot be asked now: AWS SSO profile deploy.", {
        got,
        allowed: `an answer about the role MegatestsDeployer in account ${seed.awsAccountId}`,
        mend: "run the same command again, later",
      }),
    );
  });

  it("is read where AWS_CONFIG_FILE says, also from the home folder, and as it is now", async () => {
    await writeFile(join(home, "elsewhere"), ssoConfig(sso, seed.awsAccountId));
    vi.stubEnv("AWS_CONFIG_FILE", "~/elsewhere");
    const expected = { profile: "deploy", session: "lab", startUrl: sso.startUrl };
    expect(await readSsoProfile("deploy")).toMatchObject(expected);
    await writeFile(
      join(home, "elsewhere"),
      ssoConfig({ ...sso, startUrl: "https://new.example.org" }, seed.awsAccountId),
    );
    expect(await readSsoProfile("deploy")).toMatchObject({
      ...expected,
      startUrl: "https://new.example.org",
    });
  });

  it("names what a profile lacks", async () => {
    await writeProfile("[profile deploy]\nsso_start_url = https://old.example.org\nsso_account_id = 1\n");
    await expect(load(setting)).rejects.toThrow(
      new Fault("The profile deploy is none of AWS SSO with a session.", {
        got: "no sso_session, no sso_role_name, no sso_start_url of the session, no sso_region of the session",
        allowed:
          "sso_session, sso_account_id, sso_role_name, sso_start_url of the session, sso_region of the session",
        mend: "npm run --silent megatests -- credentials setup",
      }),
    );
  });

  it("knows the file that a sign-in has left", async () => {
    await writeProfile();
    const source = openSource(setting, surroundings());
    expect(await source.traces?.()).toEqual([]);
    await signIn(sso, home);
    expect(await source.traces?.()).toEqual([tokenFile(home)]);
  });

  it("lists the profiles that can be used", async () => {
    await writeProfile(
      `${ssoConfig(sso, seed.awsAccountId)}[profile keys]\naws_access_key_id = AKIA\n[default]\nregion = eu-west-1\n`,
    );
    expect(await listSsoProfiles()).toEqual(["deploy"]);
  });
});

describe("onepassword", () => {
  const setting = { source: "onepassword" } as const;

  it("gives what stands in the item, without blanks around it", async () => {
    const onePassword = async () => ({
      accessKeyId: ` ${accessKeyId}\n`,
      secretAccessKey: `${secretAccessKey} `,
    });
    expect(await load(setting, { onePassword })).toEqual({ accessKeyId, secretAccessKey });
    expect(await identity(setting, { onePassword })).toEqual(DEPLOYER);
  });

  it("gives temporary credentials where the item has them all", async () => {
    const { expiration: _, ...session } = await aws.assumeRole(seed.awsAccountId, "MegatestsDeployer");
    expect(await load(setting, { onePassword: async () => session })).toEqual(session);
  });

  it("names vault, item and fields where a temporary key comes without its token", async () => {
    const onePassword = async () => ({ accessKeyId: "ASIAHUSH", secretAccessKey: "hush" });
    await expect(load(setting, { onePassword })).rejects.toThrow(
      new Fault("The AWS credentials are not complete: 1Password, vault Dev, item AWS megatests.", {
        got: "username, password, but no session token",
        allowed: "username and password, and for a key that begins with ASIA session token",
        mend: "name the field that holds it: pulumi config set AWSMegatests:awsSessionTokenField LABEL; or put a key that does not end into the item",
      }),
    );
  });
});

describe("web-identity", () => {
  const setting = { source: "web-identity" } as const;
  const ci = async (token = "header.payload.signature") => {
    const file = join(home, "token");
    await writeFile(file, token);
    return { env: { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: ROLE } };
  };

  it("takes the role on that the CI system names", async () => {
    expect(await identity(setting, await ci())).toEqual(assumed("deployer/awsmegatests"));
  });

  const ISSUER = "token.actions.githubusercontent.com";
  const jwt = (claims: object) =>
    ["{}", JSON.stringify(claims), "signature"]
      .map((part) => Buffer.from(part).toString("base64url"))
      .join(".");
  const soon = () => Math.floor(Date.now() / 1000) + 300;
  /** What AWS says of a role, by a token of an issuer. */
  const refusedAs = (
    got: string,
    role: string,
    mend = `aws iam get-role --role-name ${role.split("/").at(-1)}`,
  ) =>
    new Fault(`AWS does not let the role be taken on: web identity for ${role}.`, {
      got,
      allowed: "a token that has not ended, and a role that trusts who issued it",
      mend,
    });

  it("is let in by a role that trusts who issued its token, while it lasts", async () => {
    const Federated = `arn:aws:iam::${seed.awsAccountId}:oidc-provider/${ISSUER}`;
    const trust = { Effect: "Allow", Principal: { Federated }, Action: "sts:AssumeRoleWithWebIdentity" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const role = new CreateRoleCommand({ RoleName: "ci", AssumeRolePolicyDocument });
    const { Role } = await new IAMClient(aws.adminClientConfig()).send(role);
    const as = async (claims: object) => {
      const { env } = await ci(jwt(claims));
      return { env: { ...env, AWS_ROLE_ARN: Role?.Arn } };
    };
    const good = { iss: `https://${ISSUER}`, exp: soon() };
    expect(await identity(setting, await as(good))).toEqual(assumed("ci/awsmegatests"));
    await expect(load(setting, await as({ ...good, iss: "https://gitlab.example.org" }))).rejects.toThrow(
      refusedAs("AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity", Role?.Arn ?? ""),
    );
    const ended = load(setting, await as({ ...good, exp: 1_800_000 })).catch((reason: unknown) => reason);
    const { message } = (await ended) as Error;
    expect(message.replace(/(?<=date\/time )\S+(?= must)/, "NOW")).toBe(
      refusedAs(
        "ExpiredTokenException: Token expired: current date/time NOW must be before the expiration date/time 1970-01-21T20:00:00Z",
        Role?.Arn ?? "",
        "let the CI system set AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, and write the token's file",
      ).message,
    );
  });

  it("is refused by a role that nobody takes on by a token", async () => {
    const { env } = await ci();
    const AWS_ROLE_ARN = `arn:aws:iam::${seed.awsAccountId}:role/nobody`;
    await expect(load(setting, { env: { ...env, AWS_ROLE_ARN } })).rejects.toThrow(
      refusedAs("AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity", AWS_ROLE_ARN),
    );
  });

  it("is not there outside CI", async () => {
    expect(await load(setting)).toBeUndefined();
  });

  it.each([
    ["no AWS_ROLE_ARN", { AWS_ROLE_ARN: undefined }],
    ["no AWS_WEB_IDENTITY_TOKEN_FILE", { AWS_WEB_IDENTITY_TOKEN_FILE: undefined }],
    ["no token in /nowhere/token", { AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere/token" }],
  ])("is not complete: %s", async (got, changes) => {
    const { env } = await ci();
    await expect(load(setting, { env: { ...env, ...changes } })).rejects.toThrow(
      new Fault("The web identity is not complete.", {
        got,
        allowed: "AWS_ROLE_ARN, and AWS_WEB_IDENTITY_TOKEN_FILE with the path of a token",
        mend: "let the CI system set AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, and write the token's file",
      }),
    );
  });
});

describe("assume-role", () => {
  const setting = (base: SourceSetting) =>
    ({ source: "assume-role", roleArn: ROLE, seconds: 900, with: base }) as const;

  it("works on top of any source, for as long as it is told", async () => {
    const found = await load(setting({ source: "onepassword" }));
    expect(await identity(setting({ source: "onepassword" }))).toEqual(assumed("deployer/awsmegatests"));
    expect(found?.expiration?.getTime()).toBeLessThanOrEqual(Date.now() + 901_000);
    await writeProfile();
    await signIn(sso, home);
    expect(await identity(setting({ source: "sso", profile: "deploy" }))).toEqual(
      assumed("deployer/awsmegatests"),
    );
  });

  it("is locked where the one below is, and not there where it is not", async () => {
    expect(await load(setting({ source: "environment" }))).toBeUndefined();
    await writeProfile();
    await expect(load(setting({ source: "sso", profile: "deploy" }))).rejects.toThrow(UnlockRequired);
  });

  it("tells AWS's refusal", async () => {
    const env = { AWS_ACCESS_KEY_ID: "AKIANOBODYKNOWSTHIS1", AWS_SECRET_ACCESS_KEY: "hush" };
    await expect(load(setting({ source: "environment" }), { env })).rejects.toThrow(
      new Fault(`AWS does not let the role be taken on: role ${ROLE} by environment variables.`, {
        got: "InvalidClientTokenId: The security token included in the request is invalid.",
        allowed: "a role whose trust policy names who environment variables is",
        mend: "aws iam get-role --role-name deployer",
      }),
    );
  });
});

describe("secrets-manager", () => {
  const fields = { accessKeyIdField: "accessKeyId", secretAccessKeyField: "secretAccessKey" };
  const setting = (secretId: string, changes: Partial<typeof fields> = {}) =>
    ({
      source: "secrets-manager",
      secretId,
      ...fields,
      ...changes,
      with: { source: "onepassword" },
    }) as const;
  const create = (Name: string, SecretString: string) =>
    new SecretsManagerClient(aws.adminClientConfig()).send(new CreateSecretCommand({ Name, SecretString }));
  const mend = (id: string) =>
    `aws secretsmanager put-secret-value --secret-id ${id} --secret-string file://KEY.json`;

  it("reads a key out of a secret, under the names that the config gives", async () => {
    await create("deployer", JSON.stringify({ accessKeyId, secretAccessKey }));
    await create("deployer-2", JSON.stringify({ id: accessKeyId, key: secretAccessKey }));
    expect(await identity(setting("deployer"))).toEqual(DEPLOYER);
    const renamed = setting("deployer-2", { accessKeyIdField: "id", secretAccessKeyField: "key" });
    expect(await identity(renamed)).toEqual(DEPLOYER);
  });

  it("names the secret that cannot be read", async () => {
    await expect(load(setting("nowhere"))).rejects.toThrow(
      new Fault("The secret cannot be read: secret nowhere by 1Password.", {
        got: "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
        allowed: "a secret in eu-west-1 that these credentials may read",
        mend: "aws secretsmanager describe-secret --secret-id nowhere --region eu-west-1",
      }),
    );
  });

  it.each([
    ["text", "hush", "no JSON object of texts"],
    ["other-fields", '{"user":"hush","password":"hush"}', "an object with user, password"],
  ])("names the fields there are, and no value: %s", async (name, secret, got) => {
    await create(name, secret);
    await expect(load(setting(name))).rejects.toThrow(
      new Fault(`The secret holds no AWS credentials: secret ${name} by 1Password.`, {
        got,
        allowed: "a JSON object with accessKeyId and secretAccessKey",
        mend: mend(name),
      }),
    );
  });

  it("names the field that is missing", async () => {
    await create("half", '{"accessKeyId":"AKIAHUSH"}');
    await expect(load(setting("half"))).rejects.toThrow(
      new Fault("The AWS credentials are not complete: secret half by 1Password.", {
        got: "accessKeyId, but no secretAccessKey",
        allowed: "accessKeyId and secretAccessKey, and for a key that begins with ASIA sessionToken",
        mend: mend("half"),
      }),
    );
  });
});

describe("environment", () => {
  const setting = { source: "environment" } as const;

  it("takes AWS's variables", async () => {
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    expect(await identity(setting, { env })).toEqual(DEPLOYER);
    const { expiration: _, ...session } = await aws.assumeRole(seed.awsAccountId, "MegatestsDeployer");
    const temporary = {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
    };
    expect(await load(setting, { env: temporary })).toEqual(session);
    expect(await load(setting)).toBeUndefined();
  });

  it.each([
    [{ AWS_ACCESS_KEY_ID: "AKIAHUSH" }, "AWS_ACCESS_KEY_ID, but no AWS_SECRET_ACCESS_KEY"],
    [{ AWS_SECRET_ACCESS_KEY: "hush" }, "AWS_SECRET_ACCESS_KEY, but no AWS_ACCESS_KEY_ID"],
    [
      { AWS_ACCESS_KEY_ID: "ASIAHUSH", AWS_SECRET_ACCESS_KEY: "hush" },
      "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, but no AWS_SESSION_TOKEN",
    ],
  ])("names what is missing %#", async (env, got) => {
    await expect(load(setting, { env })).rejects.toThrow(
      new Fault("The AWS credentials are not complete: environment variables.", {
        got,
        allowed:
          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and for a key that begins with ASIA AWS_SESSION_TOKEN",
        mend: MEND.environment,
      }),
    );
  });
});

describe("whoever is to hide secrets", () => {
  /** All that is told while a source is read, whether or not it gives anything. */
  const told = async (setting: SourceSetting, changes: Partial<Surroundings> = {}) => {
    const secrets: string[] = [];
    const onSecret = (...all: (string | undefined)[]) => secrets.push(...all.flatMap((each) => each ?? []));
    const found = await load(setting, { ...changes, onSecret }).catch(() => undefined);
    return { found, secrets };
  };
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const role = { source: "assume-role", roleArn: ROLE, seconds: 900 } as const;
  const secret = { source: "secrets-manager", accessKeyIdField: "id", secretAccessKeyField: "key" } as const;

  it("is told of those of each source that others work on top of", async () => {
    await new SecretsManagerClient(aws.adminClientConfig()).send(
      new CreateSecretCommand({
        Name: "inner",
        SecretString: JSON.stringify({ id: "AKIA1", key: "inside" }),
      }),
    );
    const { found, secrets } = await told({ ...role, with: { source: "environment" } }, { env });
    expect(secrets).toEqual([secretAccessKey, found?.secretAccessKey, found?.sessionToken]);
    const inside = await told({ ...secret, secretId: "inner", with: { source: "environment" } }, { env });
    expect(inside.secrets).toEqual([secretAccessKey, "inside"]);
  });

  it("is told of a file's, also where what works on top of it is refused", async () => {
    await writeFile(
      join(home, "keys"),
      "AWS_ACCESS_KEY_ID=AKIANOBODYKNOWSTHIS1\nAWS_SECRET_ACCESS_KEY=hush-of-a-file\n",
      { mode: 0o600 },
    );
    const { found, secrets } = await told({ ...role, with: { source: "dotenv", file: "keys" } });
    expect([found, secrets]).toEqual([undefined, ["hush-of-a-file"]]);
  });

  it("is told of the tokens that AWS is given for credentials", async () => {
    await writeProfile();
    await signIn(sso, home);
    const { accessToken } = JSON.parse(await readFile(tokenFile(home), "utf8")) as { accessToken: string };
    const signedIn = await told({ source: "sso", profile: "deploy" });
    expect(signedIn.secrets).toEqual([
      accessToken,
      signedIn.found?.secretAccessKey,
      signedIn.found?.sessionToken,
    ]);
    const file = join(home, "token");
    await writeFile(file, "header.payload.signature\n");
    const ci = { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: ROLE };
    const byToken = await told({ source: "web-identity" }, { env: ci });
    expect(byToken.secrets).toEqual([
      "header.payload.signature",
      byToken.found?.secretAccessKey,
      byToken.found?.sessionToken,
    ]);
  });
});

describe("the sources in their order", () => {
  const open = (settings: SourceSetting[], changes?: Partial<Surroundings>) =>
    settings.map((setting) => openSource(setting, surroundings(changes)));

  it("are passed over where they are not there", async () => {
    const sources = open([{ source: "web-identity" }, { source: "environment" }, { source: "onepassword" }]);
    expect(await loadFirst(sources)).toEqual({ accessKeyId, secretAccessKey });
  });

  it("stop at one that is locked: no other identity takes its place", async () => {
    await writeProfile();
    const sources = open([{ source: "sso", profile: "deploy" }, { source: "onepassword" }]);
    await expect(loadFirst(sources)).rejects.toThrow(UnlockRequired);
  });

  it("are all that is looked at: what is not named is not used", async () => {
    const env = { AWS_ACCESS_KEY_ID: "AKIASOMEBODYELSES001", AWS_SECRET_ACCESS_KEY: "hush" };
    vi.stubEnv("AWS_ACCESS_KEY_ID", env.AWS_ACCESS_KEY_ID);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", env.AWS_SECRET_ACCESS_KEY);
    const [source] = open([{ source: "onepassword" }], { env });
    const found = await loadFirst([source!]);
    expect(await whoIs(found, surroundings())).toEqual({ account: DEPLOYER.account, arn: DEPLOYER.arn });
  });

  it("give a choice where none is there", async () => {
    const sources = open([{ source: "web-identity" }, { source: "sso", profile: "deploy" }]);
    const refusal: unknown = await loadFirst(sources).catch((reason: unknown) => reason);
    expect(refusal).toBeInstanceOf(NoCredentials);
    expect((refusal as Error).message).toBe(
      `There are no AWS credentials: no source that the stack's config names is there.
  got:     none of: web identity; AWS SSO profile deploy
  allowed: one of them, or another one, which the config has to name:
           - for one run only: megatests asks for them at a terminal; pulumi does not
           - an existing profile of AWS SSO: pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' sso; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].profile' NAME
           - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, where the stack may do with keys in clear: pulumi config set AWSMegatests:leastCredentialProtection plaintext; pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' environment
           - 1Password, or a new profile: the guided setup
  mend:    npm run --silent megatests -- credentials setup --replace-sources`,
    );
  });
});
