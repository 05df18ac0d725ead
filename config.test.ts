import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadConfig, settings } from "./config.ts";

interface Declared {
  type: string;
  description: string;
  default: unknown;
}
const project = parse(readFileSync("Pulumi.yaml", "utf8")) as {
  name: string;
  config: Record<string, Declared>;
};
const dev = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Record<string, unknown> };
const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** What the engine hands the program for the dev stack: the file's values over the declared defaults. */
function devConfig(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const declared = Object.entries(project.config)
    .filter(([key]) => !key.includes(":"))
    .map(([key, { default: value }]) => [`AWSMegatests:${key}`, asText(value)]);
  const own = Object.entries(dev.config).map(([key, value]) => [key, asText(value)]);
  const token = ["pulumi-onepassword:service_account_token", "ops_test"];
  const all = { ...Object.fromEntries([...declared, ...own, token]), ...changes } as Record<string, string>;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** What `pulumi config set --path` makes of a value at a path such as `[0].source`. */
function at(path: string, value: string): unknown {
  const [, index, name, rest = ""] = /^(?:\[(\d)\]|\.(\w+))(.*)$/.exec(path) ?? [];
  return index ? [at(rest, value)] : name ? { [name]: at(rest, value) } : value;
}

function load(changes: Record<string, string | undefined> = {}, env: NodeJS.ProcessEnv = {}) {
  const raw = devConfig(changes);
  pulumi.runtime.setAllConfig(raw, ["pulumi-onepassword:service_account_token"]);
  return loadConfig(raw, env);
}

function complaint(changes: Record<string, string | undefined>, env: NodeJS.ProcessEnv = {}): string {
  try {
    load(changes, env);
  } catch (reason) {
    expect(pulumi.RunError.isInstance(reason)).toBe(true);
    return (reason as Error).message;
  }
  throw new Error("the config was accepted");
}

beforeEach(async () => {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "AWSMegatests",
    "dev",
    false,
  );
});

describe("the declared settings", () => {
  it("are the program's, in Pulumi.yaml", () => {
    const declared = Object.keys(project.config).filter((key) => !key.includes(":"));
    expect(declared.toSorted()).toEqual(Object.keys(settings).toSorted());
  });

  it("each have a type, a description and a default", () => {
    for (const [key, { type, description, default: value }] of Object.entries(project.config)) {
      if (key.includes(":")) continue;
      expect(["string", "array", "object"], key).toContain(type);
      expect(description, key).toMatch(/^[A-Z].{15,}[^.]$/);
      expect(value, key).toBeDefined();
    }
  });

  it("have defaults that are accepted, or an empty one where a value is a must", () => {
    for (const [key, { default: value }] of Object.entries(project.config)) {
      if (key.includes(":") || value === "" || (Array.isArray(value) && value.length === 0)) continue;
      expect(load({ [`AWSMegatests:${key}`]: asText(value) }), key).toHaveProperty(key);
    }
  });

  it("give examples that are accepted", () => {
    for (const [key, { example, path, schema }] of Object.entries(settings)) {
      const value = at(path ?? "", example);
      const found = schema.safeParse(value).success ? value : (JSON.parse(example) as unknown);
      expect(schema.safeParse(found).success, key).toBe(true);
    }
  });
});

describe("nf-core's stack", () => {
  it("is read as typed settings", () => {
    expect(load()).toMatchObject({
      region: "eu-west-1",
      githubOwner: "nf-core",
      organization: "nf-core",
      workspace: "AWSmegatests",
      credentialsName: "tower-awstest",
      userName: "TowerForge-AWSMegatests",
      bucket: "nf-core-awsmegatests",
      rotation: "deployment",
      rotationDays: 30,
      efsRights: "auto",
      permissions: "least",
      publishToGithub: true,
      awsEndpoints: {},
      awsCredentialSources: [{ source: "onepassword" }],
      leastCredentialProtection: "encrypted",
      computeEnvironments: ["cpu", "gpu", "arm"].map((key) => `seqerakit/compute-envs/${key}.yml`),
    });
  });

  it("holds no ciphertext: the token is an operator's to set", () => {
    expect(readFileSync("Pulumi.dev.yaml", "utf8")).not.toMatch(/secure:|encryptionsalt/);
  });

  it("takes a Connect server instead of a token", async () => {
    const raw = devConfig({
      "pulumi-onepassword:service_account_token": undefined,
      "pulumi-onepassword:connect_host": "http://127.0.0.1:8080",
      "pulumi-onepassword:connect_token": "tok_test",
    });
    pulumi.runtime.setAllConfig(raw, ["pulumi-onepassword:connect_token"]);
    const { onepassword } = loadConfig(raw, { OP_CONNECT_TOKEN: "the provider's own name for the same" });
    expect(onepassword).toMatchObject({ connectHost: "http://127.0.0.1:8080" });
    expect(await pulumi.isSecret((onepassword as { connectToken: pulumi.Output<string> }).connectToken)).toBe(
      true,
    );
  });
});

const head = "1 setting of stack dev needs mending:\n\n";
describe("a role in the place of a key", () => {
  it("is taken when it is asked for, with Seqera Cloud as its principal", () => {
    expect(load({ "AWSMegatests:credentialMode": "role" })).toMatchObject({
      credentialMode: "role",
      roleName: "SeqeraPlatform",
      seqeraPrincipal: "arn:aws:iam::161471496260:role/SeqeraPlatformCloudAccessRole",
    });
    expect(load().credentialMode).toBe("key");
  });

  it.each(["TowerForge-Seqera", "towerforge-seqera"])(
    "does not get a name by which the Forge policy could change it: %s",
    (name) => {
      expect(complaint({ "AWSMegatests:roleName": name })).toBe(`1 setting of stack dev needs mending:

  AWSMegatests:roleName
    found:   "${name}"
    allowed: 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit and not with TowerForge-, for roles of such names the Forge policy may change
    mend:    pulumi config set AWSMegatests:roleName SeqeraPlatform`);
    },
  );

  it("does not trust a whole account, nor everybody", () => {
    for (const principal of ["*", "161471496260", "arn:aws:iam::161471496260:root"])
      expect(complaint({ "AWSMegatests:seqeraPrincipal": principal }))
        .toBe(`1 setting of stack dev needs mending:

  AWSMegatests:seqeraPrincipal
    found:   "${principal}"
    allowed: the ARN of a role or a user
    mend:    pulumi config set AWSMegatests:seqeraPrincipal arn:aws:iam::161471496260:role/SeqeraPlatformCloudAccessRole`);
  });

  it("leaves room for its name in that of the credentials", () => {
    const roleName = "r".repeat(64);
    const names = { "AWSMegatests:credentialsName": "c".repeat(36), "AWSMegatests:roleName": roleName };
    expect(load(names)).toMatchObject({ roleName });
    expect(complaint({ ...names, "AWSMegatests:credentialMode": "role" }))
      .toBe(`1 setting of stack dev needs mending:

  AWSMegatests:roleName
    found:   "${roleName}"
    allowed: with credentialsName at most 99 characters, for the credentials are named credentialsName-roleName
    mend:    pulumi config set AWSMegatests:roleName Seqera`);
  });
});

describe("a wrong setting is told of", () => {
  it.each([
    [
      "token not set",
      { "pulumi-onepassword:service_account_token": undefined },
      `  pulumi-onepassword:service_account_token
    found:   not set
    allowed: a token of 1Password, encrypted
    mend:    pulumi config set --secret pulumi-onepassword:service_account_token`,
    ],
    [
      "bucket that S3 would refuse",
      { "AWSMegatests:bucket": "My_Bucket" },
      `  AWSMegatests:bucket
    found:   "My_Bucket"
    allowed: an S3 bucket name: 3 to 63 lower-case letters, digits, '.' and '-'
    mend:    pulumi config set AWSMegatests:bucket my-work-bucket`,
    ],
    [
      "empty must",
      { "AWSMegatests:organization": "" },
      `  AWSMegatests:organization
    found:   not set
    allowed: letters, digits, '.', '_' and '-', beginning with a letter or digit
    mend:    pulumi config set AWSMegatests:organization my-organization`,
    ],
    [
      "unknown word",
      { "AWSMegatests:rotation": "weekly" },
      `  AWSMegatests:rotation
    found:   "weekly"
    allowed: deployment or everyDays or manual
    mend:    pulumi config set AWSMegatests:rotation deployment`,
    ],
    [
      "number out of range",
      { "AWSMegatests:rotationDays": "0" },
      `  AWSMegatests:rotationDays
    found:   "0"
    allowed: a whole number of days from 1 to 365
    mend:    pulumi config set AWSMegatests:rotationDays 30`,
    ],
    [
      "switch that is neither",
      { "AWSMegatests:efsRights": "maybe" },
      `  AWSMegatests:efsRights
    found:   "maybe"
    allowed: auto, true or false
    mend:    pulumi config set AWSMegatests:efsRights auto`,
    ],
    [
      "managed policy of an administrator",
      { "AWSMegatests:forgeManagedPolicies": '["AdministratorAccess"]' },
      `  AWSMegatests:forgeManagedPolicies
    found:   "[\\"AdministratorAccess\\"]"
    allowed: a list of 1 to 15 AWS managed policies for Batch, ECS and EC2, or that only read, as their ARNs end behind ':policy/'
    mend:    pulumi config set --path 'AWSMegatests:forgeManagedPolicies[0]' AmazonS3ReadOnlyAccess`,
    ],
    [
      "service that Forge's roles are not for",
      { "AWSMegatests:passedToServices": '["lambda.amazonaws.com"]' },
      `  AWSMegatests:passedToServices
    found:   "[\\"lambda.amazonaws.com\\"]"
    allowed: a list of batch, ec2, ecs-tasks and spotfleet, each followed by .amazonaws.com (in China also .amazonaws.com.cn)
    mend:    pulumi config set --path 'AWSMegatests:passedToServices[0]' batch.amazonaws.com`,
    ],
    [
      "endpoint in clear over a network",
      { "AWSMegatests:platformEndpoint": "http://tower.example.org/api" },
      `  AWSMegatests:platformEndpoint
    found:   "http://tower.example.org/api"
    allowed: an https URL (http on loopback only)
    mend:    pulumi config set AWSMegatests:platformEndpoint https://api.cloud.seqera.io`,
    ],
    [
      "list without an entry",
      { "AWSMegatests:computeEnvironments": "[]" },
      `  AWSMegatests:computeEnvironments
    found:   "[]"
    allowed: a list of at least one *.yml path, each with its own file name of lower-case letters, digits and '-'
    mend:    pulumi config set --path 'AWSMegatests:computeEnvironments[0]' seqerakit/compute-envs/cpu.yml`,
    ],
    [
      "endpoint of an unknown service",
      { "AWSMegatests:awsEndpoints": '{"s4":"https://s3.example.org"}' },
      `  AWSMegatests:awsEndpoints
    found:   "{\\"s4\\":\\"https://s3.example.org\\"}"
    allowed: URLs (https, or http on loopback) under the names iam, s3, sts and batch
    mend:    pulumi config set --path 'AWSMegatests:awsEndpoints.s3' https://bucket.vpce.example.org`,
    ],
    [
      "missing region",
      { "aws:region": undefined },
      `  aws:region
    found:   not set
    allowed: an AWS region
    mend:    pulumi config set aws:region eu-west-1`,
    ],
    [
      "misspelt name, whose value may be a secret",
      { "AWSMegatests:buket": "hush" },
      `  AWSMegatests:buket
    found:   a value, not shown
    allowed: no setting has this name; the nearest is AWSMegatests:bucket
    mend:    pulumi config rm AWSMegatests:buket, and if that is what was meant: pulumi config set AWSMegatests:bucket VALUE`,
    ],
    [
      "slip in the namespace",
      { "awsmegatests:workspace": "x" },
      `  awsmegatests:workspace
    found:   a value, not shown
    allowed: no setting has this name; the nearest is AWSMegatests:workspace
    mend:    pulumi config rm awsmegatests:workspace, and if that is what was meant: pulumi config set AWSMegatests:workspace VALUE`,
    ],
    [
      "source that nobody knows, and whatever was written with it",
      { "AWSMegatests:awsCredentialSources": '[{"source":"environment","secretAccessKey":"hush"}]' },
      `  AWSMegatests:awsCredentialSources
    found:   a value, not shown
    allowed: a list of sources: onepassword; sso with profile; web-identity; environment; dotenv with file; assume-role with roleArn and with; secrets-manager with secretId and with
    mend:    pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' onepassword`,
    ],
    [
      "source that protects less than the stack demands",
      { "AWSMegatests:awsCredentialSources": '[{"source":"onepassword"},{"source":"dotenv"}]' },
      `  AWSMegatests:awsCredentialSources
    found:   "dotenv"
    allowed: sources that protect at least as leastCredentialProtection says: encrypted
    mend:    pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' onepassword; or let the stack be protected less: pulumi config set AWSMegatests:leastCredentialProtection plaintext`,
    ],
    [
      "role on top of a source that protects less",
      {
        "AWSMegatests:awsCredentialSources":
          '[{"source":"assume-role","roleArn":"arn:aws:iam::123456789012:role/r","with":{"source":"environment"}}]',
      },
      `  AWSMegatests:awsCredentialSources
    found:   "assume-role with environment"
    allowed: sources that protect at least as leastCredentialProtection says: encrypted
    mend:    pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' onepassword; or let the stack be protected less: pulumi config set AWSMegatests:leastCredentialProtection plaintext`,
    ],
    [
      "secret read with a source that protects less",
      {
        "AWSMegatests:awsCredentialSources":
          '[{"source":"secrets-manager","secretId":"s","with":{"source":"dotenv"}}]',
      },
      `  AWSMegatests:awsCredentialSources
    found:   "secrets-manager with dotenv"
    allowed: sources that protect at least as leastCredentialProtection says: encrypted
    mend:    pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' onepassword; or let the stack be protected less: pulumi config set AWSMegatests:leastCredentialProtection plaintext`,
    ],
    [
      "1Password where only a reference may be kept",
      { "AWSMegatests:leastCredentialProtection": "reference" },
      `  AWSMegatests:awsCredentialSources
    found:   "onepassword"
    allowed: sources that protect at least as leastCredentialProtection says: reference
    mend:    pulumi config rm AWSMegatests:awsCredentialSources; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' sso; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].profile' NAME; or let the stack be protected less: pulumi config set AWSMegatests:leastCredentialProtection encrypted`,
    ],
    [
      "least protection that does not exist",
      { "AWSMegatests:leastCredentialProtection": "secret" },
      `  AWSMegatests:leastCredentialProtection
    found:   "secret"
    allowed: plaintext or encrypted or reference
    mend:    pulumi config set AWSMegatests:leastCredentialProtection plaintext`,
    ],
    [
      "Connect token without its host",
      { "pulumi-onepassword:connect_token": "t" },
      `  pulumi-onepassword:connect_host
    found:   not set
    allowed: an https URL (http on loopback only)
    mend:    pulumi config set pulumi-onepassword:connect_host https://connect.example.org`,
    ],
  ])("%s", (_, changes, text) => {
    expect(complaint(changes)).toBe(head + text);
  });

  it("OP_ACCOUNT together with a token", () => {
    expect(complaint({}, { OP_ACCOUNT: "my.1password.eu" })).toBe(`${head}  OP_ACCOUNT (environment variable)
    found:   "my.1password.eu"
    allowed: not set, because pulumi-onepassword:service_account_token is: the 1Password provider refuses both together
    mend:    unset OP_ACCOUNT`);
  });

  it.each([
    ["OP_CONNECT_HOST", '"x"'],
    ["OP_CONNECT_TOKEN", "a value, not shown"],
  ])("%s together with a token", (name, shown) => {
    expect(complaint({}, { [name]: "x" })).toContain(
      `  ${name} (environment variable)\n    found:   ${shown}\n`,
    );
  });

  it("a service account's token in the environment together with a Connect server", () => {
    const connect = {
      "pulumi-onepassword:connect_host": "http://127.0.0.1:1",
      "pulumi-onepassword:connect_token": "t",
    };
    expect(complaint(connect, { OP_SERVICE_ACCOUNT_TOKEN: "hush" }))
      .toBe(`${head}  OP_SERVICE_ACCOUNT_TOKEN (environment variable)
    found:   a value, not shown
    allowed: not set, because pulumi-onepassword:connect_host is: the 1Password provider refuses both together
    mend:    unset OP_SERVICE_ACCOUNT_TOKEN`);
  });

  it("an empty variable is none", () => {
    expect(load({}, { OP_ACCOUNT: "" })).toHaveProperty("bucket");
  });

  it("without its value when somebody has encrypted it", () => {
    const raw = devConfig({ "AWSMegatests:bucket": "Hush Hush" });
    pulumi.runtime.setAllConfig(raw, ["AWSMegatests:bucket"]);
    expect(() => loadConfig(raw, {})).toThrow(`AWSMegatests:bucket\n    found:   a value, not shown\n`);
  });

  it("all of them together", () => {
    const text = complaint({
      "AWSMegatests:bucket": "X",
      "AWSMegatests:userName": "a b",
      "github:owner": undefined,
    });
    expect(text.split("\n")[0]).toBe("3 settings of stack dev need mending:");
    expect(text.match(/^ {2}\S+/gm)).toEqual([
      "  AWSMegatests:userName",
      "  AWSMegatests:bucket",
      "  github:owner",
    ]);
  });
});
