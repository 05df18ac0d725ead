/** The sign-in service of AWS IAM Identity Center. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/ */
import {
  AccessDeniedException,
  AuthorizationPendingException,
  CreateTokenCommand,
  type CreateTokenCommandInput,
  type CreateTokenCommandOutput,
  ExpiredTokenException,
  InvalidClientException,
  InvalidGrantException,
  InvalidRequestException,
  RegisterClientCommand,
  SlowDownException,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
  UnauthorizedClientException,
} from "@aws-sdk/client-sso-oidc";
import { hide } from "../../redaction/index.ts";
import { isUnanswered, oidcFault, type OidcError, wrongPortal } from "./oidc-faults.ts";
import type { OidcClient, SsoSession, SsoToken } from "./session.ts";

/** A sign-in that waits for a person. */
export interface Device {
  deviceCode: string;
  /** What the person compares or types, e.g. `BCDF-GHJK`. */
  userCode: string;
  /** The page to open. */
  url: string;
  /** The same with the code in it. */
  urlWithCode: string;
  /** How long the code serves. */
  seconds: number;
  /** Pause to keep between two questions, in seconds. */
  interval: number;
}

/** What the service says of a device. */
export type Asked =
  | { token: SsoToken }
  | "pending"
  | "slow down"
  | "expired"
  | "denied"
  /** It says nothing: in a while it may. */
  | { unanswered: Error };

/** The service, as far as a device's sign-in needs it. What it refuses otherwise is thrown as a Fault. */
export interface Oidc {
  register(): Promise<OidcClient>;
  /** @throws Fault where the service does not know the start URL; `"unregistered"` where it does not know the client */
  authorize(client: OidcClient): Promise<Device | "unregistered">;
  ask(client: OidcClient, device: Device): Promise<Asked>;
  /** @returns undefined where the refresh token serves no longer */
  refresh(token: SsoToken): Promise<SsoToken | undefined>;
}

/** What is asked for: a list of accounts and roles, and credentials of roles. It also makes tokens renewable. */
export const SCOPE = "sso:account:access";

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const SECONDS = 30;

/**
 * Opens the service of the session's region, or the one that AWS_ENDPOINT_URL_SSO_OIDC names.
 * @param signal ends a call that is under way
 */
export function openOidc({ startUrl, region }: SsoSession, signal?: AbortSignal): Oidc {
  const sdk = new SSOOIDCClient({
    region,
    requestHandler: { requestTimeout: SECONDS * 1000, throwOnRequestTimeout: true },
  });
  const options = { abortSignal: signal };
  /** In words; a call that was ended says nothing of the service. */
  const fault = (error: unknown): Error => {
    signal?.throwIfAborted();
    return oidcFault(error as OidcError, region);
  };
  const create = (client: OidcClient, rest: Partial<CreateTokenCommandInput>) => {
    const { clientId, clientSecret } = client;
    const input = { clientId, clientSecret, grantType: undefined, ...rest };
    return sdk.send(new CreateTokenCommand(input), options);
  };
  const tokenOf = (client: OidcClient, given: CreateTokenCommandOutput): SsoToken => {
    const { accessToken = "", expiresIn = 0, refreshToken } = given;
    const { clientId, clientSecret, registrationExpiresAt } = client;
    hide(accessToken, refreshToken);
    return {
      ...{ startUrl, region, accessToken, refreshToken },
      expiresAt: new Date(Date.now() + expiresIn * 1000),
      ...{ clientId, clientSecret, registrationExpiresAt },
    };
  };
  return {
    register: async () => {
      const input = { clientName: "megatests", clientType: "public", scopes: [SCOPE] };
      const given = await sdk.send(new RegisterClientCommand(input), options).catch((error) => {
        throw fault(error);
      });
      const { clientId = "", clientSecret = "", clientSecretExpiresAt = 0 } = given;
      hide(clientSecret);
      return { clientId, clientSecret, registrationExpiresAt: new Date(clientSecretExpiresAt * 1000) };
    },
    authorize: async ({ clientId, clientSecret }) => {
      const input = { clientId, clientSecret, startUrl };
      try {
        const given = await sdk.send(new StartDeviceAuthorizationCommand(input), options);
        const { deviceCode = "", userCode = "", verificationUri: url = "" } = given;
        const { verificationUriComplete: urlWithCode = url, expiresIn: seconds = 0, interval = 5 } = given;
        hide(deviceCode);
        return { deviceCode, userCode, url, urlWithCode, seconds, interval };
      } catch (error) {
        if (error instanceof InvalidClientException || error instanceof UnauthorizedClientException)
          return "unregistered";
        if (error instanceof InvalidRequestException) throw wrongPortal(startUrl, region);
        throw fault(error);
      }
    },
    ask: async (client, { deviceCode }) => {
      try {
        const given = await create(client, { grantType: DEVICE_GRANT, deviceCode });
        return { token: tokenOf(client, given) };
      } catch (error) {
        if (error instanceof AuthorizationPendingException) return "pending";
        if (error instanceof SlowDownException) return "slow down";
        if (error instanceof ExpiredTokenException) return "expired";
        if (error instanceof AccessDeniedException) return "denied";
        const unanswered = fault(error);
        if (isUnanswered(error as OidcError)) return { unanswered };
        throw unanswered;
      }
    },
    refresh: async (token) => {
      try {
        const { refreshToken } = token;
        const renewed = tokenOf(token, await create(token, { grantType: "refresh_token", refreshToken }));
        return { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken };
      } catch (error) {
        if (NO_LONGER.some((each) => error instanceof each)) return undefined;
        throw fault(error);
      }
    },
  };
}

const NO_LONGER = [
  InvalidGrantException,
  ExpiredTokenException,
  InvalidClientException,
  UnauthorizedClientException,
];
