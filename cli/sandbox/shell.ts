/** The environment of a kept sandbox, for one's own `pulumi`, `tw`, `aws` and `seqerakit`. */
import { join } from "node:path";
import type { ClientSecrets } from "../../sandbox/services/control.ts";
import { writePrivately, type World } from "../../sandbox/world.ts";

/** Variables that may be set for real accounts, or by another sandbox, and would win over, or clash with, these. */
const UNSET = [
  ...["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE", "OP_ACCOUNT", "OP_SERVICE_ACCOUNT_TOKEN"],
  ...["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_BATCH", "AWS_ROLE_ARN"],
  ...["AWS_WEB_IDENTITY_TOKEN_FILE", "OP_CONNECT_HOST", "OP_CONNECT_TOKEN", "GH_TOKEN", "GITHUB_OWNER"],
  ...["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "TOWER_WORKSPACE_ID", "TOWER_CLI_OUTPUT_FORMAT"],
  ...["PULUMI_DEBUG_PROVIDERS", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"],
];

/** A variable's value, or the file that holds it. */
type Value = { value: string } | { file: string };

/** Lines for a shell, and the same as data. */
export interface ShellEnvironment {
  lines: string[];
  /** Secrets as `$(cat FILE)`. */
  environment: Record<string, string>;
}

/** Puts the secrets into files that only their owner reads, and refers to them. */
export async function shellEnvironment(
  world: World,
  env: Record<string, string>,
  secrets: ClientSecrets,
): Promise<ShellEnvironment> {
  const kept = {
    AWS_SECRET_ACCESS_KEY: secrets.awsSecretAccessKey,
    TOWER_ACCESS_TOKEN: secrets.platformToken,
    GITHUB_TOKEN: secrets.githubToken,
  };
  const values: Record<string, Value> = Object.fromEntries(
    Object.entries({ ...env, AWS_ACCESS_KEY_ID: secrets.awsAccessKeyId }).map(([name, value]) => [
      name,
      { value },
    ]),
  );
  for (const [name, secret] of Object.entries(kept)) {
    const file = join(world.secrets, name);
    await writePrivately(file, secret);
    values[name] = { file };
  }
  return {
    lines: [
      `unset ${UNSET.join(" ")}`,
      ...Object.entries(values).map(([name, value]) => `export ${name}=${inShell(value)}`),
    ],
    environment: Object.fromEntries(
      Object.entries(values).map(([name, each]) => [
        name,
        "value" in each ? each.value : `$(cat ${quote(each.file)})`,
      ]),
    ),
  };
}

function inShell(value: Value): string {
  return "value" in value ? quote(value.value) : `"$(cat ${quote(value.file)})"`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
