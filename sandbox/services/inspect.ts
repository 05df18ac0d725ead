/** Asks the services what there is, as any client would: what the sandbox reports is not what the deployment claims. */
import {
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import ky from "ky";
import type { ClientConfig } from "./aws/world.ts";
import type { Seed } from "./seed.ts";
import type { ServiceName } from "./service.ts";

/** Path of the roles that Identity Center has made: nobody deploys them. */
const RESERVED = "/aws-reserved/";

/** An IAM user. */
export interface InspectedUser {
  name: string;
  /** Names of the managed policies attached. */
  policies: string[];
  keys: { id: string; status: string }[];
}

/** An IAM role. */
export interface InspectedRole {
  name: string;
  /** Names of the managed policies attached. */
  policies: string[];
}

/** Credentials of the Platform's workspace. */
export interface InspectedCredentials {
  id: string;
  name: string;
  status: string;
  accessKeyId: string | null;
  /** ARN of the role to assume. */
  roleArn: string | null;
}

/** A compute environment of the Platform's workspace. */
export interface InspectedComputeEnv {
  id: string;
  name: string;
  status: string;
  primary: boolean;
  credentialsId: string | null;
}

/** Everything a deployment leaves in the services. */
export interface Inspection {
  aws: {
    /** All but the deployer. */
    users: InspectedUser[];
    roles: InspectedRole[];
    /** Names of all customer managed policies but the deployer's. */
    policies: string[];
    /** Whether the bucket that existed before is there. */
    bucket: boolean;
  };
  platform: { credentials: InspectedCredentials[]; computeEnvs: InspectedComputeEnv[] };
  github: { variables: Record<string, string>; secrets: string[] };
}

/**
 * @param admin - how AWS is asked: past the gateway, so that what is asked here meets no fault and is not in the record
 * @throws Error when a service does not answer
 */
export async function inspect(
  urls: Record<ServiceName, string>,
  admin: ClientConfig,
  seed: Seed,
): Promise<Inspection> {
  const [aws, platform, github] = await Promise.all([
    inspectAws(admin, seed),
    inspectPlatform(`${urls.platform}/api`, seed),
    inspectGithub(`${urls.github}/api/v3/orgs/${seed.githubOwner}/actions`, seed),
  ]);
  return { aws, platform, github };
}

async function inspectAws(admin: ClientConfig, seed: Seed): Promise<Inspection["aws"]> {
  const iam = new IAMClient(admin);
  const s3 = new S3Client(admin);
  try {
    const { Users = [] } = await iam.send(new ListUsersCommand());
    const others = Users.map(({ UserName = "" }) => UserName).filter(
      (name) => name !== seed.deployer.userName,
    );
    const users = await Promise.all(
      others.map(async (UserName) => {
        const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
        const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
        return {
          name: UserName,
          policies: AttachedPolicies.map(({ PolicyName = "" }) => PolicyName).sort(),
          keys: AccessKeyMetadata.map(({ AccessKeyId = "", Status = "" }) => ({
            id: AccessKeyId,
            status: Status,
          })),
        };
      }),
    );
    const { Roles = [] } = await iam.send(new ListRolesCommand());
    const roles = await Promise.all(
      Roles.filter(({ Path }) => !Path?.startsWith(RESERVED)).map(async ({ RoleName = "" }) => {
        const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
        return { name: RoleName, policies: AttachedPolicies.map(({ PolicyName = "" }) => PolicyName).sort() };
      }),
    );
    const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: "Local" }));
    const bucket = await s3.send(new HeadBucketCommand({ Bucket: seed.bucket })).then(
      () => true,
      (error: { $metadata?: { httpStatusCode?: number } }) => {
        if (error.$metadata?.httpStatusCode !== 404) throw error;
        return false;
      },
    );
    const policies = Policies.map(({ PolicyName = "" }) => PolicyName).filter(
      (name) => name !== seed.deployer.userName,
    );
    return { users, roles, policies: policies.sort(), bucket };
  } finally {
    iam.destroy();
    s3.destroy();
  }
}

async function inspectPlatform(endpoint: string, seed: Seed): Promise<Inspection["platform"]> {
  const api = ky.create({
    prefixUrl: endpoint,
    headers: { authorization: `Bearer ${seed.platformToken}` },
    searchParams: { workspaceId: seed.workspaceId },
  });
  const { credentials } = await api.get("credentials").json<{
    credentials: (InspectedCredentials & { keys?: { accessKey?: string; assumeRoleArn?: string } })[];
  }>();
  const { computeEnvs } = await api.get("compute-envs").json<{ computeEnvs: InspectedComputeEnv[] }>();
  return {
    credentials: credentials.map(({ id, name, status, keys }) => ({
      ...{ id, name, status, accessKeyId: keys?.accessKey ?? null, roleArn: keys?.assumeRoleArn ?? null },
    })),
    computeEnvs: computeEnvs.map(({ id, name, status, primary, credentialsId }) => ({
      ...{ id, name, status, primary: primary === true, credentialsId },
    })),
  };
}

async function inspectGithub(actions: string, seed: Seed): Promise<Inspection["github"]> {
  const api = ky.create({ prefixUrl: actions, headers: { authorization: `Bearer ${seed.githubToken}` } });
  const { variables } = await api.get("variables").json<{ variables: { name: string; value: string }[] }>();
  const { secrets } = await api.get("secrets").json<{ secrets: { name: string }[] }>();
  return {
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    secrets: secrets.map(({ name }) => name),
  };
}
