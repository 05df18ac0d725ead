import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { configProblems, type Problem } from "./config-problems.ts";
import {
  allowGrade,
  GRADES,
  nameOnly,
  sourceSetting,
  SOURCES_ALLOWED,
  tooWeak,
} from "./secrets/sources/index.ts";

/** Words that reach a shell unquoted by way of seqerakit: nothing in them may mean something to it. */
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/);
const text = z.string().trim().min(1);
const seconds = z.number().int().min(1).max(86_400);
/** `http` is for loopback alone: a token must not cross a network in clear. */
const url = z
  .string()
  .regex(/^(https:\/\/[^\s/]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/\S*)?$/);
const URL_ALLOWED = "an https URL (http on loopback only)";

/** One setting: what zod accepts, the same in words, and a value that would be accepted. */
interface Setting<T> {
  schema: z.ZodType<T>;
  allowed: string;
  example: string;
  /** Where in a list or a map the example goes, e.g. `[0]`. @default "" */
  path?: string;
  /** Whether a refused value is not shown. @default false */
  secret?: boolean;
  /** The command that mends it. @default the one that sets the example */
  mend?: string;
}
const setting = <T>(schema: z.ZodType<T>, allowed: string, example: string, path = ""): Setting<T> => ({
  schema,
  allowed,
  example,
  path,
});
const plainText = (example: string) => setting(text, "text that is not empty", example);
const plainName = (example: string, schema: z.ZodType<string> = name) =>
  setting(schema, "letters, digits, '.', '_' and '-', beginning with a letter or digit", example);
const flag = setting(z.boolean(), "true or false", "true");
const fields = setting(z.array(text).min(1), "a list of at least one field name", "credential", "[0]");
const duration = setting(seconds, "a whole number of seconds from 1 to 86400", "120");
const oneOf = <const T extends [string, ...string[]]>(...words: T) =>
  setting(z.enum(words), words.join(" or "), words[0]);
/** `auto`: as the compute environments' files need it. */
const whenNeeded = setting(z.union([z.literal("auto"), z.boolean()]), "auto, true or false", "auto");
/**
 * AWS's managed policies for Batch, ECS and EC2, and those that only read or report. None of them lets anybody change
 * IAM, beyond passing roles and making service-linked ones: a test holds this against all of AWS's managed policies.
 */
const MANAGED_POLICY =
  /^(service-role\/(AWSBatch|AmazonECS|AmazonEC2)\w{1,50}|(Amazon|AWS)\w{1,50}ReadOnly(Access)?|AmazonSSMManagedInstanceCore|CloudWatchAgentServerPolicy)$/;

function principals(service: string): string[] {
  return [`${service}.amazonaws.com`, `${service}.amazonaws.com.cn`];
}

/** The settings under `AWSMegatests:`. Meaning, type and default of each stand in Pulumi.yaml. */
export const settings = {
  onepasswordVault: plainText("Dev"),
  awsItem: plainText("AWS infrastructure"),
  awsAccessKeyIdField: plainText("username"),
  awsSecretAccessKeyField: plainText("password"),
  awsSessionTokenField: setting(z.string().trim(), "a field's label, or empty", "session token"),
  seqeraItem: plainText("Seqera Platform"),
  seqeraTokenFields: fields,
  seqeraWorkspaceIdField: plainText("workspace ID"),
  githubItem: plainText("GitHub token"),
  githubTokenFields: fields,
  awsCredentialSources: {
    ...setting(z.array(sourceSetting).min(1), SOURCES_ALLOWED, "onepassword", "[0].source"),
    // Somebody may have put a key where only its source is to be named.
    secret: true,
    mend: nameOnly({ source: "onepassword" }),
  },
  leastCredentialProtection: oneOf(...GRADES),
  awsAccountId: setting(
    z.string().regex(/^(\d{12})?$/),
    "the 12 digits of an AWS account, or empty",
    "123456789012",
  ),
  awsEndpoints: setting(
    z.partialRecord(z.enum(["iam", "s3", "sts", "batch"]), url),
    "URLs (https, or http on loopback) under the names iam, s3, sts and batch",
    "https://bucket.vpce.example.org",
    ".s3",
  ),
  platformEndpoint: setting(url, URL_ALLOWED, "https://api.cloud.seqera.io"),
  organization: plainName("my-organization"),
  workspace: plainName("my-workspace"),
  credentialsName: plainName("tower-aws", name.max(100)),
  userName: setting(
    z.string().regex(/^[A-Za-z0-9+=,.@_-]{1,64}$/),
    "1 to 64 of the characters IAM allows: letters, digits and +=,.@_-",
    "TowerForge",
  ),
  credentialMode: oneOf("key", "role"),
  roleName: setting(
    // IAM takes names that differ only by case for one: whatever the case, the Forge policy must not reach this role.
    z.string().regex(/^(?!towerforge-)[a-z0-9][a-z0-9._-]{0,63}$/i),
    "1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit and not with TowerForge-, for roles of such names the Forge policy may change",
    "SeqeraPlatform",
  ),
  seqeraPrincipal: setting(
    z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/),
    "the ARN of a role or a user",
    "arn:aws:iam::161471496260:role/SeqeraPlatformCloudAccessRole",
  ),
  policyPrefix: setting(
    z.string().regex(/^[A-Za-z0-9+=,.@_-]{1,110}$/),
    "1 to 110 of the characters IAM allows: letters, digits and +=,.@_-",
    "TowerForge",
  ),
  bucket: setting(
    z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    "an S3 bucket name: 3 to 63 lower-case letters, digits, '.' and '-'",
    "my-work-bucket",
  ),
  bucketMode: oneOf("import", "create"),
  computeEnvironments: setting(
    z
      .array(z.string().regex(/^[^\s]+\/[a-z][a-z0-9-]*\.yml$|^[a-z][a-z0-9-]*\.yml$/))
      .min(1)
      .refine((files) => new Set(files.map((file) => file.split("/").at(-1))).size === files.length),
    "a list of at least one *.yml path, each with its own file name of lower-case letters, digits and '-'",
    "seqerakit/compute-envs/cpu.yml",
    "[0]",
  ),
  rotation: oneOf("deployment", "everyDays", "manual"),
  rotationDays: setting(z.number().int().min(1).max(365), "a whole number of days from 1 to 365", "30"),
  rotationSerial: setting(z.number().int().min(0), "a whole number from 0 upwards", "2"),
  permissions: oneOf("least", "seqera-docs"),
  efsRights: whenNeeded,
  fsxRights: whenNeeded,
  secretsRights: flag,
  dataExplorerRights: flag,
  sesRights: flag,
  forgeManagedPolicies: setting(
    z.array(z.string().regex(MANAGED_POLICY)).min(1).max(15),
    "a list of 1 to 15 AWS managed policies for Batch, ECS and EC2, or that only read, as their ARNs end behind ':policy/'",
    "AmazonS3ReadOnlyAccess",
    "[0]",
  ),
  passedToServices: setting(
    z.array(z.enum(["batch", "ec2", "ecs-tasks", "spotfleet"].flatMap(principals))).min(1),
    "a list of batch, ec2, ecs-tasks and spotfleet, each followed by .amazonaws.com (in China also .amazonaws.com.cn)",
    "batch.amazonaws.com",
    "[0]",
  ),
  publishToGithub: flag,
  githubBaseUrl: setting(z.union([z.literal(""), url]), `empty, or ${URL_ALLOWED}`, ""),
  githubVisibility: oneOf("all", "private"),
  computeEnvironmentVariablePrefix: setting(
    z.string().regex(/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/),
    "capitals, digits and '_', not beginning with a digit or GITHUB_",
    "TOWER_COMPUTE_ENV_",
  ),
  keyProbeSeconds: duration,
  computeEnvironmentSeconds: duration,
  callSeconds: duration,
  pollMilliseconds: setting(
    z.number().int().min(10).max(60_000),
    "a whole number of milliseconds from 10 to 60000",
    "2000",
  ),
} satisfies Record<string, Setting<unknown>>;

type Settings = { [K in keyof typeof settings]: z.infer<(typeof settings)[K]["schema"]> };

/** How 1Password is reached: by its cloud with a service account, or by a Connect server of one's own. */
export type OnePasswordConnection =
  | { serviceAccountToken: pulumi.Output<string> }
  | { connectHost: string; connectToken: pulumi.Output<string> };

/** All that a deployment is told: the stack's settings, checked; tokens are secret outputs. */
export interface StackConfig extends Settings {
  /** The AWS region, e.g. `eu-west-1`. */
  region: string;
  /** The GitHub organization. */
  githubOwner: string;
  onepassword: OnePasswordConnection;
  /** The environment, for the credential sources that are read from it. */
  env: NodeJS.ProcessEnv;
  /** The program's folder, where relative paths in the settings begin. */
  folder: string;
}

const TOKEN = "pulumi-onepassword:service_account_token";
const HOST = "pulumi-onepassword:connect_host";
const CONNECT = "pulumi-onepassword:connect_token";
const elsewhere = {
  "aws:region": setting(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/), "an AWS region", "eu-west-1"),
  "github:owner": plainName("my-organization"),
};

/**
 * Reads and checks the stack's config.
 * @throws pulumi.RunError naming every wrong, missing or unknown setting at once
 */
export function loadConfig(
  raw: Record<string, string> = pulumi.runtime.allConfig(),
  env: NodeJS.ProcessEnv = process.env,
): StackConfig {
  const project = pulumi.getProject();
  const problems: Problem[] = [];
  const take = (key: string, { schema, ...hint }: Setting<unknown>) => {
    const found = raw[key];
    const parsed = schema.safeParse(found === undefined ? undefined : decode(found, schema));
    if (!parsed.success)
      problems.push({ key, found, ...hint, secret: (hint.secret ?? false) || isSecret(key) });
    return parsed.data;
  };
  const own = Object.fromEntries(
    Object.entries(settings).map(([key, each]) => [key, take(`${project}:${key}`, each)]),
  ) as Settings;
  const region = take("aws:region", elsewhere["aws:region"]) as string;
  const githubOwner = take("github:owner", elsewhere["github:owner"]) as string;
  problems.push(
    ...weakSources(`${project}:awsCredentialSources`, own),
    ...onePasswordProblems(raw, env),
    ...roleProblems(own, `${project}:roleName`),
  );

  const known = Object.keys(settings);
  const report = configProblems(project, pulumi.getStack(), problems, raw, known);
  if (report) throw new pulumi.RunError(report);
  const folder = import.meta.dirname;
  return { ...own, region, githubOwner, onepassword: onePasswordConnection(), env, folder };
}

/** Somebody may have encrypted a setting that needs none: it is not shown all the same. The SDK's types leave this out. */
function isSecret(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}

/** Config arrives as text: what is not a text by its schema is JSON. */
function decode(found: string, schema: z.ZodType): unknown {
  if (schema.safeParse(found).success) return found;
  try {
    return JSON.parse(found);
  } catch {
    return found;
  }
}

/** Where both settings can be read. */
function weakSources(key: string, { awsCredentialSources, leastCredentialProtection }: Settings): Problem[] {
  const least = leastCredentialProtection ?? "plaintext";
  // One that is not refused in its turn.
  const strong: Record<string, string> =
    least === "reference" ? { source: "sso", profile: "NAME" } : { source: "onepassword" };
  return tooWeak(awsCredentialSources ?? [], least).map(({ source: found, grade }) => ({
    key,
    found,
    allowed: `sources that protect at least as leastCredentialProtection says: ${least}`,
    mend: `${nameOnly(strong)}; or let the stack be protected less: ${allowGrade(grade)}`,
  }));
}

/** The Platform's limit for names of credentials; those of a role are called `credentialsName-roleName`. */
const LONGEST_NAME = 100;

function roleProblems(
  { credentialMode, credentialsName, roleName }: Partial<Settings>,
  key: string,
): Problem[] {
  const tooLong = `${credentialsName}-${roleName}`.length > LONGEST_NAME;
  if (credentialMode !== "role" || !credentialsName || !roleName || !tooLong) return [];
  const allowed = `with credentialsName at most ${LONGEST_NAME - 1} characters, for the credentials are named credentialsName-roleName`;
  return [{ key, found: roleName, allowed, example: "Seqera" }];
}

function onePasswordProblems(raw: Record<string, string>, env: NodeJS.ProcessEnv): Problem[] {
  const secret = (key: string): Problem => ({
    key,
    found: raw[key],
    allowed: "a token of 1Password, encrypted",
    mend: `pulumi config set --secret ${key}`,
    secret: true,
  });
  if (raw[HOST] === undefined && raw[CONNECT] === undefined)
    return raw[TOKEN]?.trim() ? strayVariables(raw, env) : [secret(TOKEN)];
  const host = { key: HOST, found: raw[HOST], allowed: URL_ALLOWED, example: "https://connect.example.org" };
  return [
    ...(url.safeParse(raw[HOST]).success ? [] : [host]),
    ...(raw[CONNECT]?.trim() ? [] : [secret(CONNECT)]),
    ...strayVariables(raw, env),
  ];
}

/**
 * What the 1Password provider takes from the environment by itself, although its arguments say how 1Password is reached.
 * @param raw every config value of the stack, by full name
 */
export function strayVariables(raw: Record<string, string>, env: NodeJS.ProcessEnv): Problem[] {
  const [because, names] =
    raw[HOST] === undefined && raw[CONNECT] === undefined
      ? [TOKEN, ["OP_CONNECT_HOST", "OP_CONNECT_TOKEN"]]
      : [HOST, ["OP_SERVICE_ACCOUNT_TOKEN"]];
  return ["OP_ACCOUNT", ...names]
    .filter((name) => env[name])
    .map((name) => ({
      key: `${name} (environment variable)`,
      found: env[name],
      allowed: `not set, because ${because} is: the 1Password provider refuses both together`,
      mend: `unset ${name}`,
      secret: name.endsWith("_TOKEN"),
    }));
}

function onePasswordConnection(): OnePasswordConnection {
  const config = new pulumi.Config("pulumi-onepassword");
  const connectHost = config.get("connect_host");
  return connectHost === undefined
    ? { serviceAccountToken: config.requireSecret("service_account_token") }
    : { connectHost, connectToken: config.requireSecret("connect_token") };
}
