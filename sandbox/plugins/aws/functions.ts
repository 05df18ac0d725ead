/** The provider's functions, by token. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { need, type Props } from "../kit/values.ts";
import { keysOf } from "./accessKey.ts";
import { bucketNames, findBucket } from "./bucket.ts";
import { send } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { timestamp } from "./time.ts";
import { findUser } from "./user.ts";

type Function = (session: AwsSession, args: Props) => Promise<Props>;

/** What the stand-in answers of the provider's functions. */
export const functions: Record<string, Function> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async (session) => {
    const found = await send("reading STS Caller Identity", session.sts(), new GetCallerIdentityCommand({}));
    return { accountId: found.Account, arn: found.Arn, id: found.Account, userId: found.UserId };
  },

  "aws:index/getRegion:getRegion": ({ region }) => {
    const description = new Map([
      ["eu-west-1", "Europe (Ireland)"],
      ["us-east-1", "US East (N. Virginia)"],
    ]).get(region);
    return Promise.resolve({
      id: region,
      name: region,
      region,
      endpoint: `ec2.${region}.amazonaws.com`,
      description: description ?? region,
    });
  },

  "aws:index/getPartition:getPartition": ({ region }) => {
    const china = region.startsWith("cn-");
    const partition = china ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    return Promise.resolve({
      id: partition,
      partition,
      dnsSuffix: china ? "amazonaws.com.cn" : "amazonaws.com",
      reverseDnsPrefix: china ? "cn.com.amazonaws" : "com.amazonaws",
    });
  },

  "aws:iam/getUser:getUser": async (session, args) => {
    const userName = need(args, "userName");
    const found = await findUser(session, userName);
    if (!found) throw notFound(`reading IAM User (${userName})`);
    return {
      id: found.UserName,
      userName: found.UserName,
      arn: found.Arn,
      path: found.Path,
      permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
      tags: Object.fromEntries((found.Tags ?? []).map(({ Key, Value }) => [Key as string, Value])),
      userId: found.UserId,
    };
  },

  "aws:iam/getAccessKeys:getAccessKeys": async (session, args) => {
    const user = need(args, "user");
    const keys = await keysOf(session, user);
    if (!keys) throw notFound(`reading IAM Access Keys (${user})`);
    const accessKeys = keys.map(({ AccessKeyId, CreateDate, Status }) => ({
      accessKeyId: AccessKeyId,
      createDate: timestamp(CreateDate),
      status: Status,
    }));
    return { id: user, user, accessKeys };
  },

  "aws:s3/getBucket:getBucket": async (session, args) => {
    const name = need(args, "bucket");
    const found = await findBucket(session, name);
    if (!found) throw notFound(`reading S3 Bucket (${name})`);
    return {
      id: name,
      ...bucketNames(name, found.BucketRegion ?? session.region),
      websiteDomain: "",
      websiteEndpoint: "",
    };
  },
};

/** The words of the Terraform SDK, which programs look for. */
function notFound(doing: string): Error {
  return new Error(`${doing}: couldn't find resource`);
}
