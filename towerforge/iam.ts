import type { IAMClient, IAMClientConfig } from "@aws-sdk/client-iam";

/** How IAM is asked past the provider: for what Pulumi does not see, a key that no state knows. */
export interface IamAccess {
  /** The AWS region, e.g. `eu-west-1`. */
  region: string;
  /** Endpoint by service name instead of AWS's own. */
  awsEndpoints: { iam?: string };
  /** How long a call may stay unanswered, in seconds. */
  callSeconds: number;
  /** The infrastructure credentials, or what gives them. */
  credentials: NonNullable<IAMClientConfig["credentials"]>;
}

/** Whom policies are attached to. */
export interface Holder {
  kind: "user" | "role";
  name: string;
}

/** An IAM user, role or policy, as far as one must know whose it is and whether anything depends on it. */
export interface Found {
  arn: string;
  tags: Record<string, string>;
  /** A user's keys and policies; a role's policies; a policy's attachments. */
  dependants: number;
}

/** The calls that mending needs. */
export interface Iam {
  keyIds(user: string): Promise<string[]>;
  deleteKey(user: string, keyId: string): Promise<void>;
  /** Names of the managed policies attached; undefined while there is no such user or role. */
  attachedPolicies(holder: Holder): Promise<string[] | undefined>;
  user(name: string): Promise<Found | undefined>;
  deleteUser(name: string): Promise<void>;
  role(name: string): Promise<Found | undefined>;
  deleteRole(name: string): Promise<void>;
  policy(arn: string): Promise<Found | undefined>;
  deletePolicy(arn: string): Promise<void>;
}

/** The SDK takes long to load and is seldom needed: only now. */
export async function openIam(access: IamAccess): Promise<Iam> {
  const sdk = await import("@aws-sdk/client-iam");
  const client: IAMClient = new sdk.IAMClient({
    region: access.region,
    credentials: access.credentials,
    ...(access.awsEndpoints.iam && { endpoint: access.awsEndpoints.iam }),
    // Without the latter it is a warning on the console.
    requestHandler: { requestTimeout: access.callSeconds * 1000, throwOnRequestTimeout: true },
    maxAttempts: 5,
  });
  const unlessMissing = <T>(call: Promise<T>): Promise<T | undefined> =>
    call.catch((reason: unknown) => {
      if (reason instanceof sdk.NoSuchEntityException) return undefined;
      throw reason;
    });
  const keyIds = async (UserName: string) => {
    const { AccessKeyMetadata = [] } = await client.send(new sdk.ListAccessKeysCommand({ UserName }));
    return AccessKeyMetadata.flatMap(({ AccessKeyId }) => AccessKeyId ?? []);
  };
  const attached = async ({ kind, name }: Holder) => {
    const { AttachedPolicies = [] } =
      kind === "user"
        ? await client.send(new sdk.ListAttachedUserPoliciesCommand({ UserName: name }))
        : await client.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName: name }));
    return AttachedPolicies.flatMap(({ PolicyName }) => PolicyName ?? []);
  };
  return {
    keyIds: async (user) => (await unlessMissing(keyIds(user))) ?? [],
    deleteKey: async (UserName, AccessKeyId) => {
      await unlessMissing(client.send(new sdk.DeleteAccessKeyCommand({ UserName, AccessKeyId })));
    },
    attachedPolicies: (holder) => unlessMissing(attached(holder)),
    user: async (UserName) => {
      const found = await unlessMissing(client.send(new sdk.GetUserCommand({ UserName })));
      if (!found?.User) return undefined;
      const [keys, policies] = await Promise.all([
        keyIds(UserName),
        attached({ kind: "user", name: UserName }),
      ]);
      const { Arn: arn = "", Tags } = found.User;
      return { arn, tags: record(Tags), dependants: keys.length + policies.length };
    },
    deleteUser: async (UserName) => {
      await unlessMissing(client.send(new sdk.DeleteUserCommand({ UserName })));
    },
    role: async (RoleName) => {
      const found = await unlessMissing(client.send(new sdk.GetRoleCommand({ RoleName })));
      if (!found?.Role) return undefined;
      const policies = await attached({ kind: "role", name: RoleName });
      const { Arn: arn = "", Tags } = found.Role;
      return { arn, tags: record(Tags), dependants: policies.length };
    },
    deleteRole: async (RoleName) => {
      await unlessMissing(client.send(new sdk.DeleteRoleCommand({ RoleName })));
    },
    policy: async (PolicyArn) => {
      const found = await unlessMissing(client.send(new sdk.GetPolicyCommand({ PolicyArn })));
      if (!found?.Policy) return undefined;
      const { Tags, AttachmentCount = 0 } = found.Policy;
      return { arn: PolicyArn, tags: record(Tags), dependants: AttachmentCount };
    },
    deletePolicy: async (PolicyArn) => {
      await unlessMissing(client.send(new sdk.DeletePolicyCommand({ PolicyArn })));
    },
  };
}

function record(tags: { Key?: string; Value?: string }[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}
