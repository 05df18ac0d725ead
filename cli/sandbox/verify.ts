/** Holds what the services say against what the deployment was to make; plain data in, sentences out. */
import { basename } from "node:path";
import type { Status } from "../../sandbox/services/control.ts";
import { keyProblems, policyNames, roleProblems } from "./holder.ts";

/** Published whatever the compute environments are. */
const VARIABLES = ["AWS_S3_BUCKET", "TOWER_WORKSPACE_ID"];
const SECRET = "TOWER_ACCESS_TOKEN";

/** What was to be made, from the stack's config. */
export interface Expected {
  /** Whether the Platform works by a role, and not with a user's key. */
  byRole: boolean;
  userName: string;
  roleName: string;
  policyPrefix: string;
  credentialsName: string;
  /** What they are called in the other mode. */
  otherCredentialsName: string;
  bucket: string;
  /** Key of each compute environment, as in the variables' names. */
  computeEnvironments: string[];
  variablePrefix: string;
  publishToGithub: boolean;
}

/** What a deployment should leave, by the stack's config and the defaults of Pulumi.yaml. */
export function expectedOf(config: Record<string, unknown>, project: string): Expected {
  const get = (name: string, fallback = "") => (config[`${project}:${name}`] ?? fallback) as string;
  const byRole = get("credentialMode", "key") === "role";
  const roleName = get("roleName", "SeqeraPlatform");
  const credentialsName = get("credentialsName");
  const files = (config[`${project}:computeEnvironments`] ?? []) as string[];
  return {
    ...{ byRole, roleName },
    userName: get("userName", "TowerForge"),
    policyPrefix: get("policyPrefix", "TowerForge"),
    credentialsName: byRole ? `${credentialsName}-${roleName}` : credentialsName,
    otherCredentialsName: byRole ? credentialsName : `${credentialsName}-${roleName}`,
    bucket: get("bucket"),
    computeEnvironments: files.map((file) => basename(file, ".yml")),
    variablePrefix: get("computeEnvironmentVariablePrefix", "TOWER_COMPUTE_ENV_"),
    publishToGithub: String(get("publishToGithub", "true")) === "true",
  };
}

/** @returns what is not as a good deployment leaves it; empty when all is well */
export function disagreements(status: Status, expected: Expected): string[] {
  const wrong: string[] = [];
  const check = (right: boolean, text: string) => right || wrong.push(text);
  const { aws, platform, github, prober } = status;

  const credentials = platform.credentials.find(({ name }) => name === expected.credentialsName);
  check(credentials !== undefined, `Seqera Platform has no credentials ${expected.credentialsName}`);
  check(
    credentials === undefined || credentials.status === "AVAILABLE",
    `credentials ${credentials?.name} are ${credentials?.status}`,
  );
  const other = platform.credentials.find(({ name }) => name === expected.otherCredentialsName);
  check(other === undefined, `Seqera Platform still has the credentials ${other?.name}`);
  wrong.push(...(expected.byRole ? roleProblems : keyProblems)(aws, credentials, expected));

  const { computeEnvs } = platform;
  const count = expected.computeEnvironments.length;
  check(computeEnvs.length === count, `there are ${computeEnvs.length} compute environments, not ${count}`);
  for (const env of computeEnvs) {
    check(env.status === "AVAILABLE", `compute environment ${env.name} is ${env.status}`);
    check(
      env.credentialsId === credentials?.id,
      `compute environment ${env.name} has credentials ${env.credentialsId}, not ${credentials?.id}`,
    );
  }

  if (expected.publishToGithub) {
    const published = publishedNames(expected);
    const ids = computeEnvs.map(({ id }) => id);
    for (const name of published)
      check(
        ids.includes(github.variables[name] ?? ""),
        `GitHub's variable ${name} is ${github.variables[name] ?? "not set"}, which is no compute environment's id`,
      );
    const distinct = new Set(published.map((name) => github.variables[name]));
    check(
      distinct.size === published.length,
      "two of GitHub's variables hold the same compute environment's id",
    );
    check(
      github.variables.AWS_S3_BUCKET === expected.bucket,
      `GitHub's variable AWS_S3_BUCKET is ${github.variables.AWS_S3_BUCKET ?? "not set"}`,
    );
    check(
      github.variables.TOWER_WORKSPACE_ID !== undefined,
      "GitHub's variable TOWER_WORKSPACE_ID is not set",
    );
    check(github.secrets.includes(SECRET), `GitHub's secret ${SECRET} is not set`);
  }
  check(aws.bucket, `the bucket ${expected.bucket} is gone`);
  const [first] = prober.refused;
  if (first)
    wrong.push(
      `AWS refused what the Platform held, ${prober.refused.length} times in ${prober.calls} calls; first ${first.held} at ${first.at}: ${first.error}`,
    );
  return wrong;
}

/** @returns what `destroy` should have taken away and has not; what others have made does not count */
export function leftovers({ aws, platform, github }: Status, expected: Expected): string[] {
  const variables = [...publishedNames(expected), ...VARIABLES];
  return [
    ...aws.users
      .filter(({ name }) => name === expected.userName)
      .map(({ name, keys }) => `AWS still has the user ${name} with ${keys.length} access keys`),
    ...aws.roles
      .filter(({ name }) => name === expected.roleName)
      .map(({ name }) => `AWS still has the role ${name}`),
    ...aws.policies
      .filter((name) => policyNames(expected).includes(name))
      .map((name) => `AWS still has the policy ${name}`),
    ...platform.credentials
      .filter(({ name }) => [expected.credentialsName, expected.otherCredentialsName].includes(name))
      .map(({ name }) => `Seqera Platform still has the credentials ${name}`),
    ...platform.computeEnvs.map(({ name, status }) => `Seqera Platform still has ${name} (${status})`),
    ...variables
      .filter((name) => github.variables[name] !== undefined)
      .map((name) => `GitHub still has the variable ${name}`),
    ...github.secrets.filter((name) => name === SECRET).map((name) => `GitHub still has the secret ${name}`),
    ...(aws.bucket ? [] : [`the protected bucket ${expected.bucket} is gone`]),
  ];
}

/** Names of the variables that hold compute environments' ids. */
function publishedNames({ computeEnvironments, variablePrefix }: Expected): string[] {
  return computeEnvironments.map((key) => variablePrefix + key.toUpperCase().replaceAll("-", "_"));
}
