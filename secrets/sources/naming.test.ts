/** On the real engine: what a config says after a command was copied from an error is the engine's word. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { NoCredentials } from "./index.ts";

const KEY = "AWSMegatests:awsCredentialSources";
/** One that needs words of its own: they have to go, for they are refused beside another source. */
const BEFORE = `config:
  ${KEY}:
    - { source: assume-role, roleArn: "arn:aws:iam::123456789012:role/r", with: { source: web-identity } }
    - source: web-identity
`;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  const engine = await ensureEngine(silent);
  folder = await mkdtemp(join(tmpdir(), "naming-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: AWSMegatests\nruntime: nodejs\n");
  env = {
    PATH: [dirname(engine.path), process.env.PATH].join(delimiter),
    ...{ PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" },
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of a test",
  };
  await execa("pulumi", ["stack", "init", "dev"], { cwd: folder, env });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The command of the choice that begins so, as a shell takes it. */
async function choose(beginning: string, stack?: string): Promise<Record<string, { value: string }>> {
  const line = new NoCredentials([], stack).message
    .split("\n")
    .find((each) => each.includes(`- ${beginning}`));
  const command = /: (pulumi .*)$/.exec(line ?? "")?.[1] ?? "false";
  await writeFile(join(folder, "Pulumi.dev.yaml"), BEFORE);
  const options = { cwd: folder, env, shell: true, stdin: "ignore" } as const;
  await execa(command, options);
  return JSON.parse((await execa("pulumi config --json --stack dev", options)).stdout) as Record<
    string,
    { value: string }
  >;
}
const sourcesOf = (config: Record<string, { value: string }>) =>
  JSON.parse(config[KEY]?.value ?? "[]") as unknown;

it("lets the stack take a profile of AWS SSO, and nothing else", { timeout: 30_000 }, async () => {
  const config = await choose("an existing profile");
  expect(sourcesOf(config)).toEqual([{ source: "sso", profile: "NAME" }]);
});

it(
  "lets the stack take the environment's variables, which its least grade has to allow",
  { timeout: 30_000 },
  async () => {
    const config = await choose("AWS_ACCESS_KEY_ID");
    expect(sourcesOf(config)).toEqual([{ source: "environment" }]);
    expect(config["AWSMegatests:leastCredentialProtection"]?.value).toBe("plaintext");
  },
);

it("is about the stack that was named, also where another one is selected", { timeout: 30_000 }, async () => {
  await execa("pulumi", ["stack", "init", "other"], { cwd: folder, env });
  const config = await choose("AWS_ACCESS_KEY_ID", "dev");
  expect(sourcesOf(config)).toEqual([{ source: "environment" }]);
  expect(config["AWSMegatests:leastCredentialProtection"]?.value).toBe("plaintext");
  expect(new NoCredentials(["web identity"]).about("dev").message.split("\n").at(-1)).toBe(
    "  mend:    npm run --silent megatests -- credentials setup --replace-sources --stack dev",
  );
});
