/** A profile that a variable names: the aws provider reads it whatever the credentials are, and ends where it is not there. */
import { parseKnownFiles } from "@smithy/core/config";
import { fail, type Finding, pass } from "./row.ts";

/** Asked in this order by AWS's SDK for Go: https://docs.aws.amazon.com/sdkref/latest/guide/feature-shared-credentials.html */
const VARIABLES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/** docs/decisions/0010-credential-sources.md, "What the aws provider would pick up" */
export async function profileRow(env: Record<string, string | undefined>): Promise<Finding<undefined>> {
  const variable = VARIABLES.find((name) => env[name]);
  const profile = variable && env[variable];
  if (!profile) return pass("not set");
  if (profile in (await parseKnownFiles({ ignoreCache: true }))) return pass(`${profile}, which is there`);
  return fail(
    `${variable} names the profile ${profile}, which is not there: failed to get shared config profile`,
    `unset ${variable}`,
  );
}
