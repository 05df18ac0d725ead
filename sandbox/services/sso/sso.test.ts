import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  paginateListAccounts,
  SSOClient,
} from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import ky from "ky";
import { expect, it, onTestFinished } from "vitest";
import { FaultInjector } from "../faults.ts";
import { makeSeed } from "../seed.ts";
import { startSso, type SsoTimes } from "./index.ts";

const seed = makeSeed();
const grantType = "urn:ietf:params:oauth:grant-type:device_code";

/** The service, and AWS's own clients of it. */
async function start(times: Partial<SsoTimes> = {}, saved?: unknown) {
  const assumeRole = async (accountId: string, roleName: string) => ({
    accessKeyId: `ASIA of ${roleName}`,
    secretAccessKey: `secret in ${accountId}`,
    sessionToken: "session",
    expiration: new Date("2030-01-02T03:04:05Z"),
  });
  const sso = await startSso({
    ...{ faults: new FaultInjector(), seed, assumeRole, saved },
    times: { intervalSeconds: 0, ...times },
  });
  onTestFinished(() => sso.close());
  const config = { endpoint: sso.url, region: seed.region, maxAttempts: 1 };
  const oidc = new SSOOIDCClient(config);
  const portal = new SSOClient(config);
  const register = async (scopes = ["sso:account:access"]) => {
    const { clientId, clientSecret } = await oidc.send(
      new RegisterClientCommand({ clientName: "test", clientType: "public", scopes }),
    );
    return { clientId, clientSecret };
  };
  const authorize = async (client: Awaited<ReturnType<typeof register>>, startUrl = sso.startUrl) =>
    oidc.send(new StartDeviceAuthorizationCommand({ ...client, startUrl }));
  const signIn = async (scopes?: string[]) => {
    const client = await register(scopes);
    const { deviceCode, userCode = "" } = await authorize(client);
    const ask = () => oidc.send(new CreateTokenCommand({ ...client, grantType, deviceCode }));
    return { client, userCode, deviceCode, ask };
  };
  const refresh = (client: object, refreshToken?: string) =>
    oidc.send(
      new CreateTokenCommand({
        ...(client as { clientId: string; clientSecret: string }),
        grantType: "refresh_token",
        refreshToken,
      }),
    );
  return { sso, oidc, portal, register, authorize, signIn, refresh };
}

it("gives a token once a person has allowed it, and credentials of a role for the token", async () => {
  const { sso, portal, signIn } = await start();
  const { ask, userCode } = await signIn();
  await expect(ask()).rejects.toMatchObject({
    name: "AuthorizationPendingException",
    error: "authorization_pending",
    $metadata: { httpStatusCode: 400 },
  });
  sso.answer(userCode, "allowed");
  const { accessToken, expiresIn, tokenType, refreshToken } = await ask();
  expect([tokenType, expiresIn]).toEqual(["Bearer", 28_800]);
  expect(refreshToken).toBeDefined();

  const accounts = [];
  for await (const { accountList } of paginateListAccounts({ client: portal, pageSize: 1 }, { accessToken }))
    accounts.push(accountList);
  expect(accounts).toEqual([
    [{ accountId: seed.awsAccountId, accountName: "AWSMegatests", emailAddress: "megatests@nf-co.re" }],
    [expect.objectContaining({ accountId: "210987654321" })],
  ]);
  const accountId = seed.awsAccountId;
  const { roleList } = await portal.send(new ListAccountRolesCommand({ accessToken, accountId }));
  expect(roleList?.map(({ roleName }) => roleName)).toEqual(["AdministratorAccess", "MegatestsDeployer"]);
  const wanted = { accessToken, accountId, roleName: "MegatestsDeployer" };
  const { roleCredentials } = await portal.send(new GetRoleCredentialsCommand(wanted));
  expect(roleCredentials).toEqual({
    accessKeyId: "ASIA of MegatestsDeployer",
    secretAccessKey: `secret in ${accountId}`,
    sessionToken: "session",
    expiration: Date.parse("2030-01-02T03:04:05Z"),
  });
  await expect(
    portal.send(new GetRoleCredentialsCommand({ ...wanted, roleName: "Owner" })),
  ).rejects.toMatchObject({
    name: "ForbiddenException",
    message: "No access",
    $metadata: { httpStatusCode: 403 },
  });
  // The code has served.
  await expect(ask()).rejects.toMatchObject({ name: "InvalidGrantException" });
});

it("refuses as AWS does", async () => {
  const { sso, register, authorize, signIn, oidc } = await start();
  const denied = await signIn();
  sso.answer(denied.userCode, "denied");
  await expect(denied.ask()).rejects.toMatchObject({ name: "AccessDeniedException", error: "access_denied" });
  const client = await register();
  await expect(authorize(client, "https://other.awsapps.com/start")).rejects.toMatchObject({
    name: "InvalidRequestException",
    error_description: "",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(authorize(client, `${sso.startUrl}/#/`)).resolves.toBeDefined();
  await expect(authorize({ ...client, clientSecret: "wrong" })).rejects.toMatchObject({
    name: "InvalidClientException",
    error: "invalid_client",
    $metadata: { httpStatusCode: 401 },
  });
  await expect(oidc.send(new CreateTokenCommand({ ...client, grantType: "password" }))).rejects.toMatchObject(
    { name: "UnsupportedGrantTypeException" },
  );
  await expect(
    oidc.send(new RegisterClientCommand({ clientName: "x", clientType: "confidential" })),
  ).rejects.toMatchObject({ name: "InvalidClientMetadataException" });
  expect(() => sso.answer("BCDF-GHJK", "allowed")).toThrow("No sign-in waits under the code BCDF-GHJK");
});

it("tells a client that asks too often to slow down, also when it has been allowed", async () => {
  const { sso, signIn } = await start({ intervalSeconds: 60 });
  const { ask, userCode } = await signIn();
  await expect(ask()).rejects.toMatchObject({ name: "AuthorizationPendingException" });
  sso.answer(userCode, "allowed");
  await expect(ask()).rejects.toMatchObject({ name: "SlowDownException", error: "slow_down" });
  sso.times.intervalSeconds = 0;
  await expect(ask()).resolves.toHaveProperty("accessToken");
});

it("lets codes, clients and tokens expire", async () => {
  const { sso, signIn, portal, authorize, refresh } = await start({ deviceSeconds: -1 });
  const late = await signIn();
  await expect(late.ask()).rejects.toMatchObject({ name: "ExpiredTokenException", error: "expired_token" });
  Object.assign(sso.times, { deviceSeconds: 600, tokenSeconds: -1, refreshSeconds: -1 });
  const { ask, userCode, client } = await signIn();
  sso.answer(userCode, "allowed");
  const { accessToken, refreshToken } = await ask();
  await expect(
    portal.send(new ListAccountRolesCommand({ accessToken, accountId: seed.awsAccountId })),
  ).rejects.toMatchObject({
    name: "UnauthorizedException",
    message: "Session token not found or invalid",
    $metadata: { httpStatusCode: 401 },
  });
  await expect(refresh(client, refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
  sso.times.clientSeconds = -1;
  const expired = await signIn().catch((error: Error) => error.name);
  expect(expired).toBe("InvalidClientException");
  await expect(authorize(client)).resolves.toBeDefined();
});

it("renews a token by a refresh token, each of which serves once, and only for clients of the scope", async () => {
  const { sso, signIn, refresh, portal } = await start();
  const { ask, userCode, client } = await signIn();
  sso.answer(userCode, "allowed");
  const first = await ask();
  const second = await refresh(client, first.refreshToken);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  await expect(refresh(client, first.refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
  const { accessToken } = second;
  const accountId = "210987654321";
  await expect(portal.send(new ListAccountRolesCommand({ accessToken, accountId }))).resolves.toBeDefined();

  const plain = await signIn([]);
  sso.answer(plain.userCode, "allowed");
  expect(await plain.ask()).not.toHaveProperty("refreshToken");
});

it("says on its page that it is a stand-in, and takes a person's answer there", async () => {
  const { signIn, sso } = await start();
  const { ask, userCode } = await signIn();
  const page = await ky(`${sso.url}/device?user_code=${userCode}`).text();
  expect(page).toContain("stand-in for AWS IAM Identity Center");
  expect(page).toContain(userCode);
  const body = new URLSearchParams({ user_code: userCode, answer: "allowed" });
  await ky.post(`${sso.url}/device`, { body });
  await expect(ask()).resolves.toHaveProperty("accessToken");
  const again = await ky.post(`${sso.url}/device`, { body, throwHttpErrors: false });
  expect(again.status).toBe(404);
});

it("counts calls at the sign-in endpoints, and those alone; keeps who has signed in over a restart", async () => {
  const { sso, signIn, portal } = await start();
  const { ask, userCode } = await signIn();
  sso.answer(userCode, "allowed");
  const { accessToken } = await ask();
  const accountId = seed.awsAccountId;
  await portal.send(new ListAccountRolesCommand({ accessToken, accountId }));
  expect(sso.signInCalls().map(({ path, status }) => `${path} ${status}`)).toEqual([
    "/client/register 200",
    "/device_authorization 200",
    "/token 200",
  ]);
  const saved: unknown = JSON.parse(JSON.stringify(await sso.snapshot()));
  const after = await start({}, saved);
  await expect(
    after.portal.send(new ListAccountRolesCommand({ accessToken, accountId })),
  ).resolves.toBeDefined();
  await after.sso.restore(undefined);
  await expect(
    after.portal.send(new ListAccountRolesCommand({ accessToken, accountId })),
  ).rejects.toMatchObject({ name: "UnauthorizedException" });
});
