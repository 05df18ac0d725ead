/** What commands ask AWS that the program does not: who one is, what one may do, what is really there. Nothing is changed. */
import type { StackConfig } from "../../config.ts";
import type { AwsCredentialIdentityProvider } from "../../secrets/sources/index.ts";
import type { Holder, Identity } from "./access.ts";
import { refused, type Right } from "./simulation.ts";

export type { Right } from "./simulation.ts";

/** An access key as IAM lists it. */
export interface ListedKey {
  id: string;
  active: boolean;
  created: Date | undefined;
  /** Undefined where it was not used yet; null where who asks may not know. */
  lastUsed: { at: Date; service: string } | undefined | null;
}

/** An attached policy. */
export interface AttachedPolicy {
  name: string;
  arn: string;
  /** What is in force; undefined where it was not asked for. */
  document?: unknown;
}

/** The bucket is there, and nothing is told of it. */
export class ForeignBucket extends Error {}

/** Asks. Every call is a read. */
export interface AwsReader {
  identity(): Promise<Identity>;
  /** What of it is refused, as `action on resource`. */
  refused(principalArn: string, rights: Right[]): Promise<string[]>;
  /** Region of the bucket; undefined where there is none. @throws ForeignBucket */
  bucketRegion(bucket: string): Promise<string | undefined>;
  /** Undefined where there is no such user. */
  keys(userName: string): Promise<ListedKey[] | undefined>;
  /** Whom a role trusts, as IAM holds it; undefined where there is no such role. */
  trust(roleName: string): Promise<unknown>;
  /** A role's ARN, which has its path in it; undefined where there is no such role. */
  roleArn(roleName: string): Promise<string | undefined>;
  /** Undefined where there is no such user or role. @param named of these policies the documents are read */
  attachedPolicies(holder: Holder, named: string[]): Promise<AttachedPolicy[] | undefined>;
  /** Names of what else gives rights: policies in the user or role itself, and groups of the user. */
  otherRights(holder: Holder): Promise<{ inline: string[]; groups: string[] }>;
}

/**
 * The SDK takes long to load: only now.
 * @param milliseconds how long one try of a call may take; a second one follows
 */
export async function openAws(
  { region, awsEndpoints }: Pick<StackConfig, "region" | "awsEndpoints">,
  credentials: AwsCredentialIdentityProvider,
  milliseconds: number,
): Promise<AwsReader> {
  const [iamSdk, s3Sdk, stsSdk] = await Promise.all([
    import("@aws-sdk/client-iam"),
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/client-sts"),
  ]);
  const common = (endpoint: string | undefined) => ({
    ...{ region, credentials, maxAttempts: 2 },
    requestHandler: {
      connectionTimeout: milliseconds,
      requestTimeout: milliseconds,
      // Else it is a warning on the console.
      throwOnRequestTimeout: true,
    },
    ...(endpoint && { endpoint }),
  });
  const iam = new iamSdk.IAMClient(common(awsEndpoints.iam));
  const sts = new stsSdk.STSClient(common(awsEndpoints.sts));
  const s3 = new s3Sdk.S3Client({
    ...common(awsEndpoints.s3),
    forcePathStyle: awsEndpoints.s3 !== undefined,
    followRegionRedirects: true,
  });
  const unlessMissing = <T>(call: Promise<T>): Promise<T | undefined> =>
    call.catch((reason: unknown) => {
      if (reason instanceof iamSdk.NoSuchEntityException) return undefined;
      throw reason;
    });
  const lastUsed = async (AccessKeyId: string): Promise<ListedKey["lastUsed"]> => {
    const asked = new iamSdk.GetAccessKeyLastUsedCommand({ AccessKeyId });
    const answer = await iam.send(asked).catch((reason: Error) => {
      // The deployment itself has no need of this right.
      if (reason.name === "AccessDenied") return null;
      throw reason;
    });
    const used = answer?.AccessKeyLastUsed;
    return answer && used?.LastUsedDate && { at: used.LastUsedDate, service: used.ServiceName ?? "" };
  };
  const documentOf = async (PolicyArn: string): Promise<unknown> => {
    const { Policy } = await iam.send(new iamSdk.GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new iamSdk.GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return documentIn(PolicyVersion?.Document);
  };
  return {
    identity: async () => {
      const { Account = "", Arn = "" } = await sts.send(new stsSdk.GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn };
    },
    refused: (principalArn, rights) =>
      refused(iam, iamSdk.paginateSimulatePrincipalPolicy, principalArn, rights),
    bucketRegion: async (Bucket) => {
      try {
        const { BucketRegion } = await s3.send(new s3Sdk.HeadBucketCommand({ Bucket }));
        return BucketRegion ?? region;
      } catch (reason) {
        // A HEAD has no body that would say more than the status.
        const status = (reason as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (status === 404) return undefined;
        if (status === 403)
          throw new ForeignBucket("403: it is another account's, or these credentials may not see it");
        throw reason;
      }
    },
    keys: async (UserName) => {
      const listed = await unlessMissing(iam.send(new iamSdk.ListAccessKeysCommand({ UserName })));
      if (!listed) return undefined;
      const keys = (listed.AccessKeyMetadata ?? []).map(
        async ({ AccessKeyId: id = "", Status, CreateDate }) => {
          return { id, active: Status === "Active", created: CreateDate, lastUsed: await lastUsed(id) };
        },
      );
      return Promise.all(keys);
    },
    trust: async (RoleName) => {
      const found = await unlessMissing(iam.send(new iamSdk.GetRoleCommand({ RoleName })));
      return found && documentIn(found.Role?.AssumeRolePolicyDocument);
    },
    roleArn: async (RoleName) =>
      (await unlessMissing(iam.send(new iamSdk.GetRoleCommand({ RoleName }))))?.Role?.Arn,
    attachedPolicies: async ({ kind, name: holder }, named) => {
      const listed = await unlessMissing(
        kind === "user"
          ? iam.send(new iamSdk.ListAttachedUserPoliciesCommand({ UserName: holder }))
          : iam.send(new iamSdk.ListAttachedRolePoliciesCommand({ RoleName: holder })),
      );
      if (!listed) return undefined;
      const policies = (listed.AttachedPolicies ?? []).map(
        async ({ PolicyName: name = "", PolicyArn: arn = "" }) => {
          return { name, arn, ...(named.includes(name) && { document: await documentOf(arn) }) };
        },
      );
      return Promise.all(policies);
    },
    otherRights: async ({ kind, name: holder }) => {
      if (kind === "role") {
        const inRole = await unlessMissing(
          iam.send(new iamSdk.ListRolePoliciesCommand({ RoleName: holder })),
        );
        return { inline: inRole?.PolicyNames ?? [], groups: [] };
      }
      const [inUser, groups] = await Promise.all([
        unlessMissing(iam.send(new iamSdk.ListUserPoliciesCommand({ UserName: holder }))),
        unlessMissing(iam.send(new iamSdk.ListGroupsForUserCommand({ UserName: holder }))),
      ]);
      return {
        inline: inUser?.PolicyNames ?? [],
        groups: (groups?.Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []),
      };
    },
  };
}

/** IAM gives documents URL-encoded. */
function documentIn(text = "null"): unknown {
  return JSON.parse(decodeURIComponent(text));
}
