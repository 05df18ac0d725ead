/** Roles, as Seqera Platform meets them: its own, by which it assumes others, and those that it assumes. */
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trustDocument } from "../../../towerforge/policies/trust.ts";
import { FaultInjector } from "../faults.ts";
import { makeSeed } from "../seed.ts";
import { type AwsService, startAws } from "./gateway.ts";
import { pythonForTests } from "./python-for-tests.ts";

const seed = makeSeed();
const { accountId, roleName, ...session } = seed.seqera;
const RoleArn = `arn:aws:iam::${seed.awsAccountId}:role/Seqera`;
const trust = JSON.stringify(
  trustDocument({ seqeraPrincipal: `arn:aws:iam::${accountId}:role/${roleName}`, externalId: "ext-1" }),
);
let aws: AwsService;
let iam: IAMClient;

beforeAll(async () => {
  aws = await startAws({ faults: new FaultInjector(), seed, python: await pythonForTests() });
  aws.setNewKeySeconds(0.5);
  iam = new IAMClient({ ...aws.adminClientConfig(), endpoint: aws.url });
});
afterAll(() => aws.close());

const sts = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
  new STSClient({ endpoint: aws.url, region: "us-east-1", credentials, maxAttempts: 1 });
const assume = async () => {
  const Tags = [{ Key: "sandbox", Value: "test" }];
  const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: "test", ExternalId: "ext-1", Tags });
  return (await sts(session).send(command)).Credentials;
};

it("Seqera Platform is a session of Seqera's role, in Seqera's account", async () => {
  expect(await sts(session).send(new GetCallerIdentityCommand())).toMatchObject({
    Account: "161471496260",
    Arn: "arn:aws:sts::161471496260:assumed-role/SeqeraPlatformCloudAccessRole/seqera-platform",
  });
  await expect(
    sts({ ...session, sessionToken: "other" }).send(new GetCallerIdentityCommand()),
  ).rejects.toMatchObject({ name: "InvalidClientTokenId" });
});

it("a role that is not there is not assumed", async () => {
  await expect(assume()).rejects.toMatchObject({ name: "AccessDenied" });
});

it("a new one is assumed after a while, and again after a change of its trust", async () => {
  await iam.send(new CreateRoleCommand({ RoleName: "Seqera", AssumeRolePolicyDocument: trust }));
  await expect(assume()).rejects.toMatchObject({ name: "AccessDenied" });
  await expect.poll(() => assume().catch(() => undefined), { timeout: 5000 }).toBeDefined();
  const made = await assume();
  const keys = {
    accessKeyId: made?.AccessKeyId ?? "",
    secretAccessKey: made?.SecretAccessKey ?? "",
    sessionToken: made?.SessionToken,
  };
  expect(await sts(keys).send(new GetCallerIdentityCommand())).toMatchObject({
    Arn: `arn:aws:sts::${seed.awsAccountId}:assumed-role/Seqera/test`,
  });

  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "Seqera", PolicyDocument: trust }));
  await expect(assume()).rejects.toMatchObject({ name: "AccessDenied" });
  await expect.poll(() => assume().catch(() => undefined), { timeout: 5000 }).toBeDefined();
});

it("is one with all of that after a restart, and gone once it is deleted", async () => {
  await aws.restore(await aws.snapshot());
  expect(await assume()).toBeDefined();
  await iam.send(new DeleteRoleCommand({ RoleName: "Seqera" }));
  await expect(assume()).rejects.toMatchObject({ name: "AccessDenied" });
});
