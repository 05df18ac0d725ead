import type { AwsCall } from "../../../sandbox/services/aws/authorization/simulate.ts";

/** Something that is done by one or more calls to AWS. */
export interface Row {
  /** For whom or when, e.g. `CPU on Spot`, `delete`. */
  group: string;
  /** What it is, e.g. `make the instance role`. */
  what: string;
  /** All that AWS asks for it: also the passing of roles, and the tags of what is made. */
  calls: AwsCall[];
}

/** Where the table's calls go. */
export interface Place {
  partition: string;
  region: string;
  /** The 12 digits of the account. */
  account: string;
  /** Name of the work bucket. */
  bucket: string;
  /** ARN of the user, or of the role's session, that the policies belong to. */
  principal: string;
}

/** Makes calls of one place: names become ARNs, and AWS's own condition keys are set. */
export function callsIn({ partition, region, account }: Place) {
  const regional = (service: string, rest: string, inRegion = region) =>
    `arn:${partition}:${service}:${inRegion}:${account}:${rest}`;
  const call = (action: string, resource = "*", context: AwsCall["context"] = {}): AwsCall => ({
    action,
    resource,
    context: { "aws:RequestedRegion": region, ...context },
  });
  const iam = (rest: string) => `arn:${partition}:iam::${account}:${rest}`;
  const pass = (role: string, service: string) =>
    call("iam:PassRole", iam(`role/${role}`), { "iam:PassedToService": service });
  return { regional, call, iam, pass };
}
