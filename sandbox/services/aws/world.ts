/** What AWS holds before anything was deployed, and a view of it for checks: by the deployer, past the gateway. */
import {
  GetPolicyVersionCommand,
  IAMClient,
  paginateListAccessKeys,
  paginateListPolicies,
  paginateListUsers,
  type AccessKeyMetadata,
  type User,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type BucketLocationConstraint,
  type CORSRule,
  type LifecycleRule,
  type Tag,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Seed } from "../seed.ts";

/** Configuration for any AWS SDK client. */
export interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Only S3 clients have it. */
  forcePathStyle: true;
}

/** A policy of the account's own with its default version. */
export interface PolicyView {
  name: string;
  arn: string;
  versionId: string;
  document: unknown;
}

/** A bucket with the settings an import could damage. */
export interface BucketView {
  name: string;
  cors?: CORSRule[];
  lifecycle?: LifecycleRule[];
  tags?: Tag[];
  /** @default undefined when versioning was never set */
  versioning?: string;
}

/**
 * Makes the work bucket as an account of some age has it: with settings made by hand that no program knows of, so that an
 * import which changes them shows.
 */
export async function createBucket(config: ClientConfig, seed: Seed): Promise<void> {
  const s3 = new S3Client(config);
  const Bucket = seed.bucket;
  const LocationConstraint = seed.region as BucketLocationConstraint;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  const cors = {
    AllowedMethods: ["GET", "HEAD"],
    AllowedOrigins: ["https://nf-co.re"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag"],
    MaxAgeSeconds: 3000,
  };
  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [cors] } }));
  const expiry: LifecycleRule = {
    ID: "expire-work",
    Status: "Enabled",
    Filter: { Prefix: "work/" },
    Expiration: { Days: 180 },
  };
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [expiry] } }),
  );
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const TagSet = [
    { Key: "project", Value: "megatests" },
    { Key: "owner", Value: "by-hand" },
  ];
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  const blocked = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: blocked }));
}

/** Credentials of a session. */
export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** A session of a role. @param policy document that limits it, all of the role's rights where it is left out */
export async function assumeRole(
  config: ClientConfig,
  RoleArn: string,
  policy?: object,
): Promise<SessionCredentials> {
  const Policy = policy && JSON.stringify(policy);
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "sandbox", Policy });
  const { Credentials } = await new STSClient(config).send(assume);
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** Access keys of a user, without secrets. @throws NoSuchEntityException when there is no such user */
export async function listKeys(config: ClientConfig, UserName: string): Promise<AccessKeyMetadata[]> {
  const pages = paginateListAccessKeys({ client: new IAMClient(config) }, { UserName });
  return (await all(pages)).flatMap((page) => page.AccessKeyMetadata ?? []);
}

/** All users of the account. */
export async function listUsers(config: ClientConfig): Promise<User[]> {
  const pages = paginateListUsers({ client: new IAMClient(config) }, {});
  return (await all(pages)).flatMap((page) => page.Users ?? []);
}

/** The policies the account made itself, AWS's own left out. */
export async function listPolicies(config: ClientConfig): Promise<PolicyView[]> {
  const client = new IAMClient(config);
  const pages = await all(paginateListPolicies({ client }, { Scope: "Local" }));
  return Promise.all(
    pages
      .flatMap((page) => page.Policies ?? [])
      .map(async ({ PolicyName: name = "", Arn: arn = "", DefaultVersionId: versionId = "" }) => {
        const version = await client.send(
          new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: versionId }),
        );
        const document = JSON.parse(decodeURIComponent(version.PolicyVersion?.Document ?? "")) as unknown;
        return { name, arn, versionId, document };
      }),
  );
}

/** All buckets with their settings. */
export async function listBuckets(config: ClientConfig): Promise<BucketView[]> {
  const s3 = new S3Client(config);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  return Promise.all(
    Buckets.map(async ({ Name: name = "" }) => {
      const Bucket = name;
      const [cors, lifecycle, tags, versioning] = await Promise.all([
        unlessUnset(s3.send(new GetBucketCorsCommand({ Bucket }))),
        unlessUnset(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
        unlessUnset(s3.send(new GetBucketTaggingCommand({ Bucket }))),
        s3.send(new GetBucketVersioningCommand({ Bucket })),
      ]);
      return {
        name,
        cors: cors?.CORSRules,
        lifecycle: lifecycle?.Rules,
        tags: tags?.TagSet,
        versioning: versioning.Status,
      };
    }),
  );
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(page);
  return found;
}

/** S3 answers a setting that was never made with an error: NoSuchCORSConfiguration, NoSuchTagSet … */
async function unlessUnset<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: Error) => {
    if (error.name.startsWith("NoSuch") && error.name !== "NoSuchBucket") return undefined;
    throw error;
  });
}
