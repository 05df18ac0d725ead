/** The work bucket: there or not, as the config has it. */
import type { StackConfig } from "../../config.ts";
import { type AwsReader, ForeignBucket } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import { fail, type Finding, pass } from "./row.ts";

/** What is thrown is no finding about the bucket. */
export async function bucketRow(
  aws: AwsReader,
  config: StackConfig,
  state: StackState,
): Promise<Finding<undefined>> {
  const { bucket, bucketMode, region } = config;
  const found = await aws.bucketRegion(bucket).catch((reason: Error) => {
    if (!(reason instanceof ForeignBucket)) throw reason;
    return reason;
  });
  if (found instanceof ForeignBucket)
    return fail(
      `${bucket}: ${found.message}`,
      "pulumi config set AWSMegatests:bucket ANOTHER, or let the credentials see it",
    );
  if (found === undefined)
    return bucketMode === "create"
      ? pass(`${bucket} is not there yet: the deployment makes it`)
      : fail(
          `${bucket} does not exist, so there is none to import`,
          "pulumi config set AWSMegatests:bucketMode create",
        );
  if (found !== region)
    return fail(
      `${bucket} is in ${found}, the stack in ${region}`,
      `pulumi config set aws:region ${found}, or another AWSMegatests:bucket`,
    );
  if (bucketMode === "create" && !state.bucketNames.includes(bucket))
    return fail(
      `${bucket} exists already, so it cannot be made`,
      "pulumi config set AWSMegatests:bucketMode import",
    );
  return pass(`${bucket}, in ${found}`);
}
