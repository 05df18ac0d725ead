/** Whether a profile works, as any program with AWS's SDK would find out. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { Fault } from "../../../fault.ts";
import type { WantedProfile } from "./profile.ts";

/**
 * Asks AWS who one is with the profile.
 * @returns the role's session, as an ARN
 * @throws Fault when it is nobody, or of another account
 */
export async function checkProfile(wanted: WantedProfile): Promise<string> {
  const { profile, profileRegion: region, accountId, roleName } = wanted;
  const allowed = `the role ${roleName} in account ${accountId}`;
  const sts = new STSClient({ region, credentials: fromIni({ profile, ignoreCache: true }) });
  const mend = `put right what it names, then: npm run --silent megatests -- credentials unlock --profile ${profile}`;
  const { Account, Arn = "" } = await sts.send(new GetCallerIdentityCommand()).catch((error: Error) => {
    const what = `The profile ${profile} is written, and AWS does not answer with it.`;
    throw new Fault(what, { got: error.message, allowed, mend });
  });
  if (Account === accountId) return Arn;
  const what = `The profile ${profile} is written, and is of another account.`;
  throw new Fault(what, { got: Arn, allowed, mend });
}
