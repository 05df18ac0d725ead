/** What whoever has signed in may choose from. https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/ */
import {
  GetRoleCredentialsCommand,
  paginateListAccountRoles,
  paginateListAccounts,
  SSOClient,
  UnauthorizedException,
} from "@aws-sdk/client-sso";
import { Fault } from "../../../fault.ts";
import type { AwsCredentialIdentity } from "../../../secrets/sources/index.ts";
import { hide } from "../../redaction/index.ts";
import type { SsoToken } from "./session.ts";

/** An account one may work in. */
export interface PortalAccount {
  id: string;
  /** As the organization calls it. */
  name: string;
}

/** The portal, for one who has signed in. */
export interface Portal {
  /** By name. @throws SignedOut; Fault where there is none */
  accounts(): Promise<PortalAccount[]>;
  /** Names, sorted. @throws SignedOut; Fault where there is none */
  roles(accountId: string): Promise<string[]>;
  /** Credentials of the role, for an hour or so. @throws Fault where the portal gives none */
  credentials(accountId: string, roleName: string): Promise<AwsCredentialIdentity>;
}

/** AWS takes the token no longer, whatever its date says. */
export class SignedOut extends Error {}

const ASSIGN = "have an administrator assign one in IAM Identity Center, then run the same command again";

/** Opens the portal of the token's region, or the one that AWS_ENDPOINT_URL_SSO names. */
export function openPortal({
  accessToken,
  region,
  startUrl,
}: Pick<SsoToken, "accessToken" | "region" | "startUrl">): Portal {
  const client = new SSOClient({ region });
  const all = async <P, T>(pages: AsyncIterable<P>, items: (page: P) => T[] | undefined): Promise<T[]> => {
    const found: T[] = [];
    try {
      for await (const page of pages) found.push(...(items(page) ?? []));
    } catch (error) {
      if (error instanceof UnauthorizedException) throw new SignedOut(error.message);
      throw new Fault("AWS SSO's portal does not answer.", {
        got: (error as Error).message,
        mend: "put right what it names, then run the same command again",
      });
    }
    return found;
  };
  return {
    accounts: async () => {
      const pages = paginateListAccounts({ client }, { accessToken });
      const found = await all(pages, ({ accountList }) => accountList);
      if (found.length === 0)
        throw new Fault("You have no account in this portal.", {
          got: `none at ${startUrl}`,
          allowed: "at least one account, assigned to whoever has signed in",
          mend: ASSIGN,
        });
      return found
        .map(({ accountId: id = "", accountName: name = "" }) => ({ id, name }))
        .sort((one, other) => one.name.localeCompare(other.name) || one.id.localeCompare(other.id));
    },
    roles: async (accountId) => {
      const pages = paginateListAccountRoles({ client }, { accessToken, accountId });
      const found = await all(pages, ({ roleList }) => roleList);
      if (found.length === 0)
        throw new Fault(`You have no role in account ${accountId}.`, {
          allowed: "at least one role, assigned to whoever has signed in",
          mend: ASSIGN,
        });
      return found.map(({ roleName = "" }) => roleName).sort();
    },
    credentials: async (accountId, roleName) => {
      const command = new GetRoleCredentialsCommand({ accessToken, accountId, roleName });
      const { roleCredentials } = await client.send(command).catch((error: Error) => {
        throw new Fault("AWS SSO's portal gives no credentials of the role, so nothing is written.", {
          got: error.message,
          allowed: `the role ${roleName} in account ${accountId}, assigned to whoever has signed in`,
          mend: ASSIGN,
        });
      });
      const { accessKeyId = "", secretAccessKey = "", sessionToken } = roleCredentials ?? {};
      hide(secretAccessKey, sessionToken);
      return { accessKeyId, secretAccessKey, sessionToken };
    },
  };
}
