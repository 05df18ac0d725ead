import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { expect, it } from "vitest";
import { STACK } from "../../sandbox/world.ts";
import { writes } from "./calls.ts";
import { type E2eWorld } from "./world.ts";

const HOST = "pulumi-onepassword:connect_host";
const CONNECT = "pulumi-onepassword:connect_token";
const TOKEN = "pulumi-onepassword:service_account_token";

/** What is wrong, the settings that make it so, and the whole error. */
type Case = [what: string, changes: Record<string, unknown>, error: string];

const CASES: Case[] = [
  [
    "no 1Password token",
    { [HOST]: undefined, [CONNECT]: undefined },
    `1 setting of stack sandbox needs mending:

  pulumi-onepassword:service_account_token
    found:   not set
    allowed: a token of 1Password, encrypted
    mend:    pulumi config set --secret pulumi-onepassword:service_account_token`,
  ],
  [
    "a Connect server without a token, and over a network in clear",
    { [HOST]: "http://connect.example.org", [CONNECT]: undefined },
    `2 settings of stack sandbox need mending:

  pulumi-onepassword:connect_host
    found:   "http://connect.example.org"
    allowed: an https URL (http on loopback only)
    mend:    pulumi config set pulumi-onepassword:connect_host https://connect.example.org

  pulumi-onepassword:connect_token
    found:   not set
    allowed: a token of 1Password, encrypted
    mend:    pulumi config set --secret pulumi-onepassword:connect_token`,
  ],
  [
    "several wrong settings and an unknown one",
    {
      "aws:region": "Dublin",
      "github:owner": undefined,
      "AWSMegatests:bucket": "Work_Bucket",
      "AWSMegatests:rotation": "hourly",
      "AWSMegatests:publishToGithub": "yes",
      "AWSMegatests:keyProbeSeconds": "0",
      "AWSMegatests:computeEnvironments": [],
      "AWSMegatests:credentialName": "tower-awstest",
    },
    `8 settings of stack sandbox need mending:

  AWSMegatests:bucket
    found:   "Work_Bucket"
    allowed: an S3 bucket name: 3 to 63 lower-case letters, digits, '.' and '-'
    mend:    pulumi config set AWSMegatests:bucket my-work-bucket

  AWSMegatests:computeEnvironments
    found:   "[]"
    allowed: a list of at least one *.yml path, each with its own file name of lower-case letters, digits and '-'
    mend:    pulumi config set --path 'AWSMegatests:computeEnvironments[0]' seqerakit/compute-envs/cpu.yml

  AWSMegatests:rotation
    found:   "hourly"
    allowed: deployment or everyDays or manual
    mend:    pulumi config set AWSMegatests:rotation deployment

  AWSMegatests:publishToGithub
    found:   "yes"
    allowed: true or false
    mend:    pulumi config set AWSMegatests:publishToGithub true

  AWSMegatests:keyProbeSeconds
    found:   "0"
    allowed: a whole number of seconds from 1 to 86400
    mend:    pulumi config set AWSMegatests:keyProbeSeconds 120

  aws:region
    found:   "Dublin"
    allowed: an AWS region
    mend:    pulumi config set aws:region eu-west-1

  github:owner
    found:   not set
    allowed: letters, digits, '.', '_' and '-', beginning with a letter or digit
    mend:    pulumi config set github:owner my-organization

  AWSMegatests:credentialName
    found:   a value, not shown
    allowed: no setting has this name; the nearest is AWSMegatests:credentialsName
    mend:    pulumi config rm AWSMegatests:credentialName, and if that is what was meant: pulumi config set AWSMegatests:credentialsName VALUE`,
  ],
  [
    "a vault that does not exist",
    { "AWSMegatests:onepasswordVault": "Prod" },
    `There is no such vault, or the token may not read it.
  vault:    Prod
  item:     AWS megatests
  tried:    "username"
  answered: …
  mend:     let the token's account read it in 1Password, or: pulumi config set AWSMegatests:onepasswordVault NAME`,
  ],
  [
    "an item that does not exist",
    { "AWSMegatests:githubItem": "GitHub" },
    `The vault has no such item, or the token may not read it.
  vault:    Dev
  item:     GitHub
  tried:    "credential", "token"
  answered: …
  mend:     let the token's account read it in 1Password, or: pulumi config set AWSMegatests:githubItem TITLE`,
  ],
  [
    "a field that does not exist",
    { "AWSMegatests:seqeraTokenFields": ["token", "key"] },
    `The 1Password item has no such field with a value.
  vault:  Dev
  item:   Seqera Platform
  tried:  "token", "key"
  has:    AWSMegatests workspace ID, TOWER_ACCESS_TOKEN, credential
  mend:   add the field to the item in 1Password, or: pulumi config set --path 'AWSMegatests:seqeraTokenFields[0]' LABEL`,
  ],
  [
    "another account than the allowed one",
    { "AWSMegatests:awsAccountId": "999999999999" },
    `The infrastructure credentials belong to another AWS account.
  found:   123456789012
  allowed: 999999999999
  mend:    pulumi config set AWSMegatests:awsAccountId 123456789012, or put that account's key into 1Password`,
  ],
  [
    "a key that AWS refuses",
    { "AWSMegatests:awsSecretAccessKeyField": "username" },
    `AWS refuses the infrastructure credentials.
  answered: …
  allowed:  an active access key that may deploy this stack
  mend:     renew the key in the 1Password item named by AWSMegatests:awsItem, then: pulumi up`,
  ],
  [
    "a compute environment's file that does not exist",
    { "AWSMegatests:computeEnvironments": ["seqerakit/compute-envs/tpu.yml"] },
    `A compute environment's file cannot be used.
  file:    seqerakit/compute-envs/tpu.yml
  got:     no file that can be read
  allowed: a file in the project
  mend:    see AWSMegatests:computeEnvironments`,
  ],
];

/** Settings with which nothing can be deployed: the whole error is held, by the real engine. */
export function wrongConfig(here: () => E2eWorld): void {
  it.each(CASES)("refuses %s", async (_what, changes, error) => {
    await expectRefusal(here(), changes, error);
  });

  it("refuses a token together with OP_ACCOUNT", async () => {
    const file = await readFile(join(here().world.project, `Pulumi.${STACK}.yaml`), "utf8");
    const { config } = parse(file) as { config: Record<string, unknown> };
    process.env.OP_ACCOUNT = "my.1password.com";
    try {
      await expectRefusal(
        here(),
        { [HOST]: undefined, [CONNECT]: undefined, [TOKEN]: config[CONNECT] },
        `1 setting of stack sandbox needs mending:

  OP_ACCOUNT (environment variable)
    found:   "my.1password.com"
    allowed: not set, because pulumi-onepassword:service_account_token is: the 1Password provider refuses both together
    mend:    unset OP_ACCOUNT`,
      );
    } finally {
      delete process.env.OP_ACCOUNT;
    }
  });

  it("refuses a compute environment that would be overwritten", async () => {
    const path = join(here().world.folder, "own/cpu.yml");
    await mkdir(dirname(path), { recursive: true });
    const file = await readFile("seqerakit/compute-envs/cpu.yml", "utf8");
    await writeFile(path, file.replace("ignore", "overwrite"));
    await expectRefusal(
      here(),
      { "AWSMegatests:computeEnvironments": [path] },
      `A compute environment's file cannot be used.
  file:    ${path}
  got:     ✖ Invalid input: expected "ignore"
  → at ["compute-envs"][0].on_exists
  allowed: one entry with name, workspace, credentials, file-path, on_exists, description, primary, labels: see seqerakit/compute-envs/README.md
  mend:    edit the file`,
    );
  });
}

/** `…` in the expected text stands for what a service has answered. */
async function expectRefusal(e2e: E2eWorld, changes: Record<string, unknown>, error: string): Promise<void> {
  const { ok, text, calls } = await e2e.withConfig(changes, () => e2e.run("preview"));
  expect(ok).toBe(false);
  const said = text.slice(text.indexOf("error: "));
  const answered = /answered: (.+)/.exec(said)?.[1] ?? "";
  expect(said).toBe(`error: ${error.replace("…", answered)}\n`);
  expect(writes(calls)).toEqual([]);
}
