import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  ListRolesCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import ky from "ky";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pythonForTests } from "./aws/python-for-tests.ts";
import { FaultInjector } from "./faults.ts";
import { startFleet, type Fleet, type FleetSnapshot } from "./fleet.ts";
import { credentialsBody, forgeBody } from "./platform/world-for-tests.ts";
import { makeSeed } from "./seed.ts";

const UserName = "somebody";
/** What Forge works with. */
const RIGHTS = {
  PolicyName: "forge",
  PolicyDocument: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["batch:*", "ec2:*", "iam:*", "s3:*", "ssm:*"], Resource: "*" }],
  }),
};
const faults = new FaultInjector();
let fleet: Fleet;
let iam: IAMClient;

beforeAll(async () => {
  const settings = { newKeySeconds: 0, envSeconds: 1 };
  fleet = await startFleet({
    faults,
    python: await pythonForTests(),
    ports: {},
    settings,
  });
  iam = new IAMClient({ ...fleet.aws.adminClientConfig(), endpoint: fleet.urls.aws, maxAttempts: 1 });
});
afterAll(() => fleet.close());

const platform = async <T>(path: string, json?: object) =>
  ky(`${fleet.urls.platform}/api/${path}`, {
    ...{ method: json ? "post" : "get", json, retry: 0 },
    headers: { authorization: `Bearer ${fleet.seed.platformToken}` },
    searchParams: { workspaceId: fleet.seed.workspaceId },
  }).json<T>();
const variables = `api/v3/orgs/${makeSeed().githubOwner}/actions/variables`;
const addVariable = (name: string) =>
  ky.post(`${fleet.urls.github}/${variables}`, {
    headers: { authorization: `Bearer ${fleet.seed.githubToken}` },
    json: { name, value: "1", visibility: "all" },
  });
const whoAmI = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
  new STSClient({ endpoint: fleet.urls.aws, region: "eu-west-1", credentials: { ...credentials } }).send(
    new GetCallerIdentityCommand(),
  );

let saved: FleetSnapshot;
/** Number of the last call before. */
let restoredAt: number;
let key: { accessKeyId: string; secretAccessKey: string };

it("is put back to a snapshot while it runs: every service, at the same addresses", async () => {
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new PutUserPolicyCommand({ UserName, ...RIGHTS }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  key = { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
  const body = credentialsBody(key.accessKeyId);
  body.credentials.keys.secretKey = key.secretAccessKey;
  const { credentialsId } = await platform<{ credentialsId: string }>("credentials", body);
  await platform("compute-envs", forgeBody("forging", credentialsId));
  await addVariable("BEFORE");
  saved = await fleet.snapshot();

  await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key.accessKeyId }));
  await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: RIGHTS.PolicyName }));
  await iam.send(new DeleteUserCommand({ UserName }));
  await platform("compute-envs", forgeBody("other", credentialsId));
  await addVariable("AFTER");
  fleet.platform.removeCredentials("tower-awstest");

  await fleet.restore(saved);
  restoredAt = faults.calls.at(-1)?.n ?? 0;
  expect(await fleet.snapshot()).toMatchObject({ services: { ...saved.services, aws: expect.anything() } });
  expect((await fleet.aws.keys(UserName)).map(({ AccessKeyId }) => AccessKeyId)).toEqual([key.accessKeyId]);
  await expect(whoAmI(key)).resolves.toMatchObject({ Arn: expect.stringContaining(UserName) });
  expect(fleet.platform.heldKeys()).toMatchObject([key]);
  expect(Object.keys(fleet.github.variables())).toEqual(["BEFORE"]);
});

it("lets what was being made be made again, and nothing of the world before", async () => {
  const states = () => fleet.platform.computeEnvs().map(({ name, status }) => `${name} ${status}`);
  expect(states()).toEqual(["forging CREATING"]);
  await expect.poll(states, { timeout: 20_000 }).toEqual(["forging AVAILABLE"]);
  const asked = faults.calls.filter(({ n, by }) => n > restoredAt && by === "platform");
  const made = asked.filter(({ path }) => path === "batch:CreateComputeEnvironment");
  expect(made.map(({ status }) => status)).toEqual([200, 200]);
});

it("ends what was being made before it puts AWS back", async () => {
  const path = "^iam:CreateRole$";
  faults.add({ service: "aws", path, kind: "delay", milliseconds: 700, times: 5 });
  const [{ credentialsId } = { credentialsId: "" }] = fleet.platform.heldKeys();
  await platform("compute-envs", forgeBody("intruder", credentialsId));
  const [intruder] = fleet.platform.computeEnvs().filter(({ name }) => name === "intruder");
  const since = faults.calls.at(-1)?.n ?? 0;
  const asked = () => faults.calls.filter(({ n }) => n > since).map((call) => call.path);
  await expect.poll(asked, { timeout: 20_000 }).toContain("iam:CreateRole");
  await fleet.restore(saved);
  faults.clear();
  const { Roles = [] } = await iam.send(new ListRolesCommand());
  expect(Roles.filter(({ RoleName }) => RoleName?.includes(intruder?.id ?? "?"))).toEqual([]);
});

it("remembers which keys were new", async () => {
  fleet.aws.setNewKeySeconds(3600);
  const { services } = saved;
  const aws = { ...(services.aws as object), keyTimes: {} };
  await fleet.restore({ ...saved, services: { ...services, aws } });
  await expect(whoAmI(key)).resolves.toBeDefined();
  await fleet.restore(saved);
  await expect(whoAmI(key)).rejects.toThrow("The security token included in the request is invalid.");
});

it("refuses a snapshot whose tokens it does not know", async () => {
  await expect(fleet.restore({ ...saved, seed: makeSeed() })).rejects.toThrow(
    new Error("The snapshot is of another world: its services have other tokens than these"),
  );
});

it("gives who has signed in session credentials that AWS knows, in the account they chose", async () => {
  const sts = async (accountId: string) => {
    const { expiration, ...credentials } = await fleet.aws.assumeRole(accountId, "ReadOnlyAccess");
    expect(expiration.getTime()).toBeGreaterThan(Date.now());
    const client = new STSClient({ endpoint: fleet.urls.aws, region: "eu-west-1", credentials });
    return client.send(new GetCallerIdentityCommand());
  };
  const { Account, Arn } = await sts("210987654321");
  expect(Account).toBe("210987654321");
  expect(Arn).toMatch(
    /^arn:aws:sts::210987654321:assumed-role\/AWSReservedSSO_ReadOnlyAccess_[0-9a-f]{16}\/operator@nf-co.re$/,
  );
  expect(fleet.sso.startUrl).toBe(`${fleet.urls.sso}/start`);
});
