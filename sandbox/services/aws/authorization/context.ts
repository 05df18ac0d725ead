/** The condition keys that do not come from a request's parameters. */
import type { Identity } from "./identity.ts";
import type { Right } from "./reading.ts";
import { accountOf } from "./simulate.ts";

/** AWS's own policies and parameters belong to no account, and neither does a bucket's ARN name one. */
export function ownerOf(resource: string): string | undefined {
  return /^\d{12}$/.exec(accountOf(resource))?.[0];
}

/** IAM is in one region of a partition, whatever region a client with an endpoint of its own signs for. */
export function regionOfIam(region: string): string {
  if (region.startsWith("cn-")) return "cn-north-1";
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
}

/** The gateway takes no other kind of signature. */
const SIGNED_FOR_S3 = { "s3:authType": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256" };

/** Condition keys that AWS sets for every call. */
export function contextOf(
  identity: Identity,
  region: string,
  { action, resource }: Right,
): Record<string, string> {
  const session = identity.type === "AssumedRole";
  const account = accountOf(identity.arn);
  return {
    "aws:RequestedRegion": region,
    "aws:PrincipalArn": session ? identity.roleArn : identity.arn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": identity.type,
    "aws:userid": identity.userId,
    ...(session ? {} : { "aws:username": identity.userName }),
    "aws:ResourceAccount": ownerOf(resource) ?? account,
    // The gateway stands for AWS's own addresses, which clients reach by TLS.
    "aws:SecureTransport": "true",
    "aws:ViaAWSService": "false",
    ...(action.startsWith("s3:") ? SIGNED_FOR_S3 : {}),
    ...Object.fromEntries(
      Object.entries(identity.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
  };
}
