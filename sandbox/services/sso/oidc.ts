/** Clients, device codes and tokens. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/ */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { newToken, newUserCode, type Device, type SsoState, type SsoTimes } from "./model.ts";
import { Refusal, refuseAsOidc } from "./refusal.ts";

/** What the routes work on. */
export interface OidcOptions {
  state: SsoState;
  times: SsoTimes;
  /** Where the service listens, without a trailing slash; known once it does. */
  url: () => string;
}

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** Clients that were registered for this scope get refresh tokens. */
const ACCOUNT_SCOPE = "sso:account:access";

const registration = z.object({
  clientName: z.string().min(1),
  clientType: z.string(),
  scopes: z.array(z.string()).default([]),
});
const named = z.object({ clientId: z.string().min(1), clientSecret: z.string().min(1) });
const authorization = named.extend({ startUrl: z.string().min(1) });
const tokenRequest = named.extend({
  grantType: z.string().min(1),
  deviceCode: z.string().optional(),
  refreshToken: z.string().optional(),
});

/** The three operations of a device's sign-in. */
export function oidcRoutes(app: FastifyInstance, { state, times, url }: OidcOptions): void {
  refuseAsOidc(app);

  app.post("/client/register", async ({ body }) => {
    const { clientType, scopes } = read(registration, body);
    if (clientType !== "public")
      throw new Refusal("InvalidClientMetadataException", "Only the client type public is supported");
    const [clientId, clientSecret] = [newToken(), newToken()];
    const expiresAt = Date.now() + times.clientSeconds * 1000;
    state.clients[clientId] = { secret: clientSecret, expiresAt, refreshes: scopes.includes(ACCOUNT_SCOPE) };
    return {
      ...{ clientId, clientSecret },
      clientIdIssuedAt: Math.floor(Date.now() / 1000),
      clientSecretExpiresAt: Math.floor(expiresAt / 1000),
    };
  });

  app.post("/device_authorization", async ({ body }) => {
    const { startUrl, ...client } = read(authorization, body);
    checkClient(state, client);
    // AWS says no more than this of a start URL it does not know, or that is another region's.
    if (bare(startUrl) !== `${url()}/start`) throw new Refusal("InvalidRequestException", "");
    const [deviceCode, userCode] = [newToken(), newUserCode()];
    state.devices[deviceCode] = {
      ...{ clientId: client.clientId, userCode, answer: "none", askedAt: 0 },
      expiresAt: Date.now() + times.deviceSeconds * 1000,
    };
    const verificationUri = `${url()}/device`;
    return {
      ...{ deviceCode, userCode, verificationUri },
      verificationUriComplete: `${verificationUri}?user_code=${userCode}`,
      expiresIn: times.deviceSeconds,
      interval: times.intervalSeconds,
    };
  });

  app.post("/token", async ({ body }) => {
    const { grantType, deviceCode, refreshToken, ...client } = read(tokenRequest, body);
    const { refreshes } = checkClient(state, client);
    if (grantType === DEVICE_GRANT) useDevice(state.devices[deviceCode ?? ""], client.clientId, times);
    else if (grantType === "refresh_token") useRefresh(state, refreshToken ?? "", client.clientId);
    else throw new Refusal("UnsupportedGrantTypeException", "Unsupported grant type");
    const accessToken = newToken();
    state.accessTokens[accessToken] = { expiresAt: Date.now() + times.tokenSeconds * 1000 };
    const answer = { accessToken, tokenType: "Bearer", expiresIn: times.tokenSeconds };
    if (!refreshes) return answer;
    const next = newToken();
    const expiresAt = Date.now() + times.refreshSeconds * 1000;
    state.refreshTokens[next] = { clientId: client.clientId, expiresAt };
    return { ...answer, refreshToken: next };
  });
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Refusal("InvalidRequestException", "Invalid request");
}

/** AWS takes a start URL with and without what a browser's address bar puts behind it. */
function bare(startUrl: string): string {
  return startUrl.replace(/\/?(#.*)?$/, "");
}

function checkClient(state: SsoState, { clientId, clientSecret }: z.infer<typeof named>) {
  const client = state.clients[clientId];
  if (client?.secret !== clientSecret || client.expiresAt < Date.now())
    throw new Refusal("InvalidClientException", "Invalid client provided");
  return client;
}

/** RFC 8628, section 3.5. */
function useDevice(device: Device | undefined, clientId: string, { intervalSeconds }: SsoTimes): void {
  if (device?.clientId !== clientId || device.answer === "used")
    throw new Refusal("InvalidGrantException", "Invalid grant provided");
  if (device.expiresAt < Date.now()) throw new Refusal("ExpiredTokenException", "Device code has expired");
  const since = Date.now() - device.askedAt;
  device.askedAt = Date.now();
  if (since < intervalSeconds * 1000) throw new Refusal("SlowDownException", "Slow down");
  if (device.answer === "denied") throw new Refusal("AccessDeniedException", "Access denied");
  if (device.answer === "none")
    throw new Refusal("AuthorizationPendingException", "Authorization is pending");
  device.answer = "used";
}

/** Each serves once; the answer holds the next. */
function useRefresh(state: SsoState, token: string, clientId: string): void {
  const known = state.refreshTokens[token];
  if (known?.clientId !== clientId || known.expiresAt < Date.now())
    throw new Refusal("InvalidGrantException", "Invalid refresh token provided");
  delete state.refreshTokens[token];
}
