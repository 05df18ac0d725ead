/**
 * AWS's words for what is denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html#access-denied-message-examples
 */
import type { Protocol } from "../request.ts";
import type { AwsCall, Denial } from "./simulate.ts";

const POLICIES: Record<Denial["by"], [no: string, within: string]> = {
  identity: ["identity-based policy", "an identity-based policy"],
  resource: ["resource-based policy", "a resource-based policy"],
  trust: ["role trust policy", "the role trust policy"],
  session: ["session policy", "a session policy"],
  boundary: ["permissions boundary", "a permissions boundary"],
};

/** @param arn whose call it is */
export function denialMessage(
  arn: string,
  { action, resource }: AwsCall,
  denial: Denial,
  protocol: Protocol,
): string {
  const [no, within] = POLICIES[denial.by];
  const why = denial.explicit
    ? `with an explicit deny in ${within}`
    : `because no ${no} allows the ${action} action`;
  const message = `User: ${arn} is not authorized to perform: ${action}${on(resource, protocol)} ${why}`;
  // AWS goes on with an encoded message that only an administrator can decode.
  return protocol === "ec2" ? `You are not authorized to perform this operation. ${message}` : message;
}

/** S3 puts the resource in quotes; S3 and EC2 leave out that it was none in particular. */
function on(resource: string, protocol: Protocol): string {
  if (resource === "*" && (protocol === "s3" || protocol === "ec2")) return "";
  return ` on resource: ${protocol === "s3" ? `"${resource}"` : resource}`;
}

/** For a request that nobody here can judge: AWS would. */
export function unjudgedMessage(arn: string, request: string, why: string): string {
  return `User: ${arn} is not authorized to perform: ${request} because the sandbox cannot judge it: ${why}`;
}
