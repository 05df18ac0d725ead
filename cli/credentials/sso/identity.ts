/** Whether a role works: by what the portal gives, and by a profile, as any program with AWS's SDK would find out. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { Fault } from "../../../fault.ts";
import {
  type AwsCredentialIdentity,
  type AwsCredentialIdentityProvider,
  shellWord,
} from "../../../secrets/sources/index.ts";
import { hide } from "../../redaction/index.ts";
import type { WantedProfile } from "./profile.ts";

type Role = Pick<WantedProfile, "accountId" | "roleName" | "profileRegion">;

/** Asks AWS who one is with the role's credentials. @throws Fault when it is nobody, or of another account */
export async function proveRole(credentials: AwsCredentialIdentity, role: Role): Promise<void> {
  await identityOf(credentials, role, {
    what: `The role ${role.roleName} does not work, so nothing is written.`,
    mend: "choose another account or role, or have this one put right in IAM Identity Center; then run the same command again",
  });
}

/**
 * The same with a profile that is written.
 * @returns the role's session, as an ARN
 */
export async function checkProfile(wanted: WantedProfile): Promise<string> {
  const { profile } = wanted;
  const load = fromIni({ profile, ignoreCache: true });
  const credentials = async (...options: Parameters<typeof load>) => {
    const found = await load(...options);
    hide(found.secretAccessKey, found.sessionToken);
    return found;
  };
  return identityOf(credentials, wanted, {
    what: `The profile ${profile} is written, and does not work.`,
    mend: `put right what it names, then: npm run --silent megatests -- credentials unlock --profile ${shellWord(profile)}`,
  });
}

async function identityOf(
  credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider,
  { accountId, roleName, profileRegion: region }: Role,
  { what, mend }: { what: string; mend: string },
): Promise<string> {
  const allowed = `the role ${roleName} in account ${accountId}`;
  const sts = new STSClient({ region, credentials });
  const { Account, Arn = "" } = await sts.send(new GetCallerIdentityCommand()).catch((error: Error) => {
    throw new Fault(what, { got: error.message, allowed, mend });
  });
  if (Account === accountId) return Arn;
  throw new Fault(what, { got: Arn, allowed, mend });
}
