/** Seqera Platform assumes a role: from the first deployment on, and in place of a key and back again, while it works all the time. */
import {
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { STACK } from "../../sandbox/world.ts";
import { deployerGrants, policyDocument } from "../../towerforge/policies/index.ts";
import { deployerArgs } from "../policies/stack-args.ts";
import { label, writes } from "./calls.ts";
import { ask, expectHealthy, expectOneKey } from "./platform.ts";
import { keysOf, startWorld, type E2eWorld } from "./world.ts";

const ROLE = "SeqeraPlatform";
const OFFERED = `tower-awstest-${ROLE}`;
let e2e: E2eWorld;
let roleArn: string;

beforeAll(async () => {
  e2e = await startWorld();
  roleArn = `arn:aws:iam::${e2e.seed.awsAccountId}:role/${ROLE}`;
}, 120_000);
afterAll(() => e2e.close(), 60_000);
afterEach(() => {
  e2e.faults.clear();
  expect(e2e.prober.probed.refused).toEqual([]);
});

const byRole = <T>(work: () => Promise<T>) => e2e.withConfig({ "AWSMegatests:credentialMode": "role" }, work);
const up = (...args: Parameters<E2eWorld["run"]> extends [unknown, ...infer R] ? R : never) =>
  e2e.run("up", ...args);

/** One role with three policies, one set of credentials that names it, all compute environments by these; no user, no key. */
async function expectRoleAlone(): Promise<void> {
  const { aws, platform } = await e2e.inspect();
  expect(aws.users).toEqual([]);
  expect(aws.roles.filter(({ name }) => !name.startsWith("TowerForge-"))).toEqual([
    { name: ROLE, policies: ["TowerForge-Forge-Policy", "TowerForge-Launch-Policy", "TowerForge-S3-Policy"] },
  ]);
  expect(platform.credentials).toEqual([
    { id: expect.any(String) as string, name: OFFERED, status: "AVAILABLE", accessKeyId: null, roleArn },
  ]);
  expect(platform.computeEnvs.map(({ credentialsId }) => credentialsId)).toEqual(
    Array(3).fill(platform.credentials[0]?.id),
  );
  await expectHealthy(e2e);
  expect(e2e.fleet.platform.heldRoles().map((held) => held.roleArn)).toEqual([roleArn]);
}

/** The same with a user and its one key, and no role. */
async function expectKeyAlone(): Promise<void> {
  const { aws, platform } = await e2e.inspect();
  expect(aws.roles.filter(({ name }) => !name.startsWith("TowerForge-"))).toEqual([]);
  expect(platform.credentials.map(({ name }) => name)).toEqual(["tower-awstest"]);
  expect(platform.computeEnvs.map(({ credentialsId }) => credentialsId)).toEqual(
    Array(3).fill(platform.credentials[0]?.id),
  );
  await expectOneKey(e2e);
}

/** A role is renamed by a deployer that has the rights under both names. */
async function alsoAllow(other: string): Promise<void> {
  const iam = new IAMClient(e2e.fleet.aws.adminClientConfig());
  for (const roleName of [ROLE, other]) {
    const grants = deployerGrants(deployerArgs({ credentialModes: ["role"], roleName })).filter(({ sid }) =>
      sid.startsWith("DeployerRole"),
    );
    const PolicyDocument = JSON.stringify(policyDocument(grants, "Deployer"));
    const UserName = e2e.seed.deployer.userName;
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: roleName, PolicyDocument }));
  }
}

const idsOf = async () => (await e2e.inspect()).platform.computeEnvs.map(({ id }) => id).toSorted();
const externalIds = async () => {
  const { credentials } = (await ask(e2e, "get", "credentials")) as {
    credentials: { keys: { externalId?: string } }[];
  };
  return credentials.flatMap(({ keys }) => keys.externalId ?? []);
};

describe("a role from the first deployment on", { timeout: 300_000 }, () => {
  it("is offered first, made to trust what was offered, proven, and only then worked by", async () => {
    const { ok, text, calls } = await byRole(() => up());
    expect(ok, text).toBe(true);
    await expectRoleAlone();
    const called = calls.map(label);
    const order = [
      "platform POST /api/credentials",
      "aws iam:CreateRole",
      "platform POST /api/credentials/ID/validate",
      "platform POST /api/compute-envs",
    ].map((what) => called.indexOf(what));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThanOrEqual(0);
    // Forge attaches policies to its own roles.
    const attached = calls.flatMap((call, at) =>
      call.by === undefined && label(call) === "aws iam:AttachRolePolicy" ? [at] : [],
    );
    expect(attached).toHaveLength(3);
    expect(called.indexOf("platform POST /api/compute-envs")).toBeGreaterThan(attached.at(-1)!);
    expect(called).not.toContain("aws iam:CreateUser");
    expect(called).not.toContain("aws iam:CreateAccessKey");
  });

  it("trusts Seqera's principal for the Platform's external id, which is nowhere to be read", async () => {
    const iam = new IAMClient(e2e.fleet.aws.adminClientConfig());
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: ROLE }));
    const [externalId] = await externalIds();
    const seqera = {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::161471496260:role/SeqeraPlatformCloudAccessRole" },
    };
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""))).toMatchObject({
      Statement: [
        {
          ...seqera,
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": externalId } },
        },
        { ...seqera, Action: "sts:TagSession" },
      ],
    });
    const cwd = e2e.world.project;
    const { stdout: state } = await execa("pulumi", ["stack", "export", "--stack", STACK], { cwd });
    expect(state).toContain(ROLE);
    expect([...e2e.printed, state].join("\n")).not.toContain(externalId);
  });

  it("tells the role in the outputs, and no key", async () => {
    const outputs = await e2e.stack.outputs();
    expect(Object.values(outputs).map(({ secret }) => secret)).toEqual(Array(11).fill(false));
    expect(outputs.roleArn?.value).toBe(roleArn);
    expect(Object.keys(outputs)).not.toContain("accessKeyId");
  });

  it("is not changed by another deployment, nor is anything else", async () => {
    const { ok, text, steps, calls } = await byRole(() => up());
    expect(ok, text).toBe(true);
    expect(steps).toEqual({});
    expect(writes(calls.filter(({ by }) => by === undefined))).toEqual([]);
  });

  it("stays when somebody deletes the credentials: others are made, and the same role trusts those", async () => {
    const [before] = await externalIds();
    const ids = await idsOf();
    e2e.fleet.platform.removeCredentials(OFFERED);
    const { ok, text } = await byRole(() => up());
    expect(ok, text).toBe(true);
    await expectRoleAlone();
    expect(await externalIds()).not.toEqual([before]);
    expect(await idsOf()).toEqual(ids);
  });

  it("gives renamed credentials their name back, with the external id they had", async () => {
    const before = await externalIds();
    e2e.fleet.platform.rename("credentials", OFFERED, "mine");
    const { ok, text } = await byRole(() => up());
    expect(ok, text).toBe(true);
    await expectRoleAlone();
    expect(await externalIds()).toEqual(before);
  });
});

describe("a role that somebody has deleted", { timeout: 300_000 }, () => {
  it("is missed, and made again once the state is told", async () => {
    const iam = new IAMClient(e2e.fleet.aws.adminClientConfig());
    const ids = await idsOf();
    for (const part of ["Forge", "Launch", "S3"]) {
      const PolicyArn = `arn:aws:iam::${e2e.seed.awsAccountId}:policy/TowerForge-${part}-Policy`;
      await iam.send(new DetachRolePolicyCommand({ RoleName: ROLE, PolicyArn }));
    }
    await iam.send(new DeleteRoleCommand({ RoleName: ROLE }));
    await expect
      .poll(() => e2e.prober.probed.refused[0])
      .toMatchObject({ held: roleArn, error: "AccessDenied" });
    const soon = { "AWSMegatests:credentialMode": "role", "AWSMegatests:keyProbeSeconds": "2" };
    const missed = await e2e.withConfig(soon, () => up());
    expect(missed.ok).toBe(false);
    expect(missed.text).toMatch(
      /Seqera Platform cannot assume the role .*\n {2}got: +INVALID: AccessDenied: .*\n {2}allowed: AVAILABLE\n {2}mend: .* pulumi refresh --run-program --yes, then: pulumi up/,
    );
    await byRole(() => e2e.stack.refresh({ runProgram: true }));
    const { ok, text } = await byRole(() => up());
    expect(ok, text).toBe(true);
    await expectRoleAlone();
    expect(await idsOf()).toEqual(ids);
    e2e.prober.reset();
  });
});

describe("from the role to a key", { timeout: 300_000 }, () => {
  it("leaves the role at work while a compute environment cannot be moved, then moves all and takes the role away last", async () => {
    const ids = await idsOf();
    e2e.faults.add({
      service: "platform",
      method: "PUT",
      path: "^/api/compute-envs/",
      kind: "status",
      status: 403,
    });
    const failed = await up();
    expect(failed.ok).toBe(false);
    expect(e2e.faults.rules).toEqual([]);
    await expectHealthy(e2e);
    expect((await e2e.inspect()).aws.roles.map(({ name }) => name)).toContain(ROLE);

    const { ok, text, calls } = await up();
    expect(ok, text).toBe(true);
    await expectKeyAlone();
    expect(await idsOf()).toEqual(ids);
    const called = calls.map(label);
    const order = [
      called.lastIndexOf("platform PUT /api/compute-envs/ID"),
      called.indexOf("platform DELETE /api/credentials/ID"),
      called.indexOf("aws iam:DeleteRole"),
    ];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThanOrEqual(0);
  });
});

describe("from the key to a role", { timeout: 300_000 }, () => {
  it("previews, and changes nothing", async () => {
    const before = await e2e.inspect();
    const { ok, text, calls } = await byRole(() => e2e.run("preview"));
    expect(ok, text).toBe(true);
    expect(writes(calls)).toEqual([]);
    expect(await e2e.inspect()).toEqual(before);
  });

  it.each([
    ["the role is not made", { service: "aws", path: "^iam:CreateRole$" }],
    ["the role has no policies", { service: "aws", path: "^iam:AttachRolePolicy$" }],
    ["the role cannot be proven", { service: "platform", path: "^/api/credentials/[^/]+/validate$" }],
  ] as const)("leaves the key at work while %s", async (_, rule) => {
    const [key] = keysOf(await e2e.inspect());
    e2e.faults.add({ ...rule, kind: "status", status: 403 });
    const failed = await byRole(() => up());
    expect(failed.ok, failed.text).toBe(false);
    const { platform } = await e2e.inspect();
    const own = platform.credentials.find(({ name }) => name === "tower-awstest");
    expect(own).toMatchObject({ status: "AVAILABLE", accessKeyId: key });
    expect(platform.computeEnvs.map(({ status, credentialsId }) => [status, credentialsId])).toEqual(
      Array(3).fill(["AVAILABLE", own?.id]),
    );
  });

  it("moves in place, and takes the key away last", async () => {
    const ids = await idsOf();
    const { ok, text, steps, calls } = await byRole(() => up());
    expect(ok, text).toBe(true);
    await expectRoleAlone();
    expect(await idsOf()).toEqual(ids);
    expect(Object.keys(steps).filter((name) => /-policy$/.test(name))).toEqual([]);
    const called = calls.map(label);
    const order = [
      called.lastIndexOf("platform PUT /api/compute-envs/ID"),
      called.indexOf("platform DELETE /api/credentials/ID"),
      called.indexOf("aws iam:DeleteAccessKey"),
      called.indexOf("aws iam:DeleteUser"),
    ];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThanOrEqual(0);
  });

  it("moves to a role of another name likewise", async () => {
    const ids = await idsOf();
    await alsoAllow("Another");
    const renamed = { "AWSMegatests:credentialMode": "role", "AWSMegatests:roleName": "Another" };
    const { ok, text } = await e2e.withConfig(renamed, () => up());
    expect(ok, text).toBe(true);
    const { aws, platform } = await e2e.inspect();
    expect(aws.roles.map(({ name }) => name).filter((name) => !name.startsWith("TowerForge-"))).toEqual([
      "Another",
    ]);
    expect(platform.credentials.map(({ name }) => name)).toEqual(["tower-awstest-Another"]);
    expect(await idsOf()).toEqual(ids);
    await expectHealthy(e2e);
    const back = await byRole(() => up());
    expect(back.ok, back.text).toBe(true);
    await expectRoleAlone();
  });
});

describe("at the end", { timeout: 300_000 }, () => {
  it("the role goes with all the rest, and the Platform was never refused", async () => {
    const { ok, text } = await byRole(() => e2e.run("destroy"));
    expect(ok, text).toBe(true);
    const { aws, platform } = await e2e.inspect();
    expect([aws.users, aws.roles, aws.policies, platform.credentials, platform.computeEnvs]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
    expect(e2e.prober.probed.calls).toBeGreaterThan(100);
  });
});
