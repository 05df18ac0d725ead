/** Leaves on this machine what a sign-in to AWS SSO leaves, by the services' own protocol. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import type { SsoService } from "../sandbox/services/sso/index.ts";

/** Name of the session in {@link ssoConfig}. */
const SESSION = "lab";

/** An AWS config file with the profile `deploy`. */
export function ssoConfig({ startUrl }: SsoService, account: string, role = "MegatestsDeployer"): string {
  return `# mine
[profile deploy]
sso_session = ${SESSION}
sso_account_id = ${account}
sso_role_name = ${role}
[sso-session ${SESSION}]
sso_region = eu-west-1
sso_start_url = ${startUrl}
`;
}

/** Where the session's token is kept. */
export function tokenFile(home: string): string {
  return join(home, ".aws/sso/cache", `${createHash("sha1").update(SESSION).digest("hex")}.json`);
}

/**
 * Signs in, as somebody who allows it, and keeps the token with all that is needed to renew it.
 * @param lasting milliseconds until it ends, as the file says
 */
export async function signIn(sso: SsoService, home: string, lasting = 3_600_000): Promise<void> {
  const oidc = new SSOOIDCClient({ region: "eu-west-1", endpoint: sso.url });
  const scopes = ["sso:account:access"];
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: "test", clientType: "public", scopes }),
  );
  const client = { clientId, clientSecret };
  const { deviceCode, userCode = "" } = await oidc.send(
    new StartDeviceAuthorizationCommand({ ...client, startUrl: sso.startUrl }),
  );
  sso.answer(userCode, "allowed");
  const grantType = "urn:ietf:params:oauth:grant-type:device_code";
  const { accessToken, refreshToken } = await oidc.send(
    new CreateTokenCommand({ ...client, grantType, deviceCode }),
  );
  const expiresAt = new Date(Date.now() + lasting).toISOString();
  await mkdir(dirname(tokenFile(home)), { recursive: true });
  const registrationExpiresAt = "2100-01-01T00:00:00Z";
  const held = { accessToken, expiresAt, refreshToken, ...client, registrationExpiresAt };
  await writeFile(tokenFile(home), JSON.stringify(held), { mode: 0o600 });
}
