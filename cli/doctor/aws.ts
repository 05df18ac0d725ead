/** AWS: who the credentials are, what they may do, and whether the work bucket is there. */
import type { StackConfig } from "../../config.ts";
import type { AwsCredentialIdentity } from "../../secrets/sources/index.ts";
import type { Identity } from "../stack/access.ts";
import { type AwsReader, openAws, type Right } from "../stack/aws.ts";
import type { StackState } from "../stack/state.ts";
import { ask, THROTTLED } from "./ask.ts";
import { bucketRow } from "./bucket.ts";
import { awsService, clock } from "./clock.ts";
import { type CredentialFields, held, ONE_PASSWORD } from "./held.ts";
import { profileRow } from "./profile.ts";
import { rightsRow } from "./rights.ts";
import { type Checkup, fail, type Finding, need, notApplicable, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";

const GROUP = "AWS";
/** STS says 400 of an old time in the request, and 403 of keys. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const REFUSALS = [400, 401, 403];

/** What the rows are about. */
export interface AwsAround extends Surroundings, CredentialFields {
  state: Row<StackState>;
  /** The access key that the state has of the infrastructure; undefined before the first deployment. */
  stateKeyId: () => Promise<string | undefined>;
  /** The stack's name, without its organization. */
  stackName: () => Promise<string>;
  /** What a deployment has to be allowed, by the account it goes to. */
  rights: (identity: Identity, config: StackConfig) => Right[];
}

/** @returns the rows that other groups go on with */
export function awsRows(checkup: Checkup, around: AwsAround) {
  const { config } = around;
  checkup.add(GROUP, "Clock", async () => clock(await need(config), around));
  checkup.add(GROUP, "AWS_PROFILE", () => profileRow(around.env));
  const credentials = checkup.add(GROUP, "AWS credentials", async () => held(around));
  const aws = Promise.all([need(config), need(credentials)]).then(([settings, { provider }]) =>
    openAws(settings, provider, around.milliseconds),
  );
  // Whoever needs it says so.
  aws.catch(() => undefined);
  const identity = checkup.add(GROUP, "AWS identity", async () => {
    const settings = await need(config);
    const [{ source }, reader] = [await need(credentials), await aws];
    return ask(awsService("AWS STS", settings), around.milliseconds, whoIs(reader, settings, source));
  });
  checkup.add(GROUP, "State's AWS key", async () => {
    const { identity: own } = await need(credentials);
    await need(around.state);
    return stateKey(own, await around.stateKeyId());
  });
  checkup.add(GROUP, "Deployer's rights", async () => {
    const [who, settings, stack] = [await need(identity), await need(config), await around.stackName()];
    const row = rightsRow(await aws, who, around.rights(who, settings), stack);
    return ask(awsService("AWS IAM", settings), around.milliseconds, row);
  });
  checkup.add(GROUP, "Work bucket", async () => {
    await need(identity);
    const [settings, state] = [await need(config), await need(around.state)];
    const row = bucketRow(await aws, settings, state);
    return ask(awsService("Amazon S3", settings), around.milliseconds, row);
  });
  return { credentials, identity, aws };
}

/** A refusal has a reason that AWS names; what is none is thrown. */
async function whoIs(
  aws: AwsReader,
  { awsAccountId, awsItem }: StackConfig,
  source: string,
): Promise<Finding<Identity>> {
  const place = source === ONE_PASSWORD ? `the 1Password item ${awsItem}` : source;
  try {
    const identity = await aws.identity();
    const { account, arn } = identity;
    if (awsAccountId === "" || awsAccountId === account)
      return pass(`${arn}${awsAccountId ? "" : " (awsAccountId allows any account)"}`, identity);
    return fail(
      `${arn}: another account than ${awsAccountId}`,
      `pulumi config set AWSMegatests:awsAccountId ${account}, or have that account's key in ${place}`,
    );
  } catch (reason) {
    const { name, message, $metadata } = reason as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (status === undefined || !REFUSALS.includes(status) || THROTTLED.test(name)) throw reason;
    return fail(
      `AWS refuses the infrastructure credentials: ${name}: ${message}`,
      name.startsWith("ExpiredToken")
        ? `have credentials that last from ${place}`
        : `have a working key in ${place}`,
    );
  }
}

/** `destroy` and `refresh` work with the state's, unless they run the program. */
function stateKey(
  { accessKeyId: now, sessionToken }: AwsCredentialIdentity,
  then: string | undefined,
): Finding<undefined> {
  if (then === undefined) return pass("none: the stack was never deployed");
  if (sessionToken !== undefined)
    return notApplicable("temporary credentials: add --run-program to destroy and refresh");
  if (then === now) return pass(`${then}, as now`);
  return fail(
    `${then} in the state, ${now} now: InvalidClientTokenId on destroy or refresh, once the former is gone`,
    "pulumi up; or add --run-program to destroy and refresh",
  );
}
