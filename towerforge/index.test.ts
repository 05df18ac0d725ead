import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingMocks, settled, useMocks, valueOf } from "../test/mocks.ts";
import { TowerForge, type TowerForgeArgs } from "./index.ts";

const account = "123456789012";
let mocks: RecordingMocks;

beforeEach(async () => {
  mocks = new RecordingMocks({
    "pulumi:providers:aws": () => ({}),
    "AWSMegatests:towerforge:TowerForgeUser": () => ({}),
    "aws:iam/user:User": ({ name }) => ({ arn: `arn:aws:iam::${account}:user/${String(name)}` }),
    "aws:iam/policy:Policy": ({ name }) => ({ arn: `arn:aws:iam::${account}:policy/${String(name)}` }),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": () => ({}),
    "aws:iam/role:Role": ({ name }) => ({ arn: `arn:aws:iam::${account}:role/${String(name)}` }),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": () => ({}),
    "pulumi:index:Stash": ({ input }) => ({ input, output: input }),
    "aws:iam/accessKey:AccessKey": () => ({ id: "AKIANEW", secret: "s3cr3t" }),
  });
  await useMocks(mocks);
});

interface Offer {
  externalId: pulumi.Output<string>;
}

function make(changes: Partial<TowerForgeArgs> = {}, offer?: Offer): TowerForge<Offer> {
  const provider = new aws.Provider("aws", { region: "eu-west-1" });
  return new TowerForge(
    "towerforge",
    {
      scope: { partition: "aws", region: "eu-west-1", account },
      userName: "TowerForge-Test",
      roleName: "Seqera",
      seqeraPrincipal: "arn:aws:iam::999999999999:role/Seqera",
      policyPrefix: "TowerForge",
      ...{ permissions: "least", efsRights: false, fsxRights: false },
      ...{ secretsRights: false, dataExplorerRights: false, sesRights: false },
      ...{ logGroups: ["/aws/batch/job"], namedRoles: [] },
      forgeManagedPolicies: ["AmazonS3ReadOnlyAccess"],
      passedToServices: ["ec2.amazonaws.com"],
      bucketArn: "arn:aws:s3:::work",
      plan: { trigger: "deployment:first", unfinished: false, keyIds: [], until: "the next deployment" },
      mayRelease: async () => {},
      mending: { iam: () => Promise.reject(new Error("nothing is to mend")), heldKeys: async () => ({}) },
      after: [],
      ...changes,
    },
    offer,
    { provider },
  );
}

/** Of a key. */
function accessOf(made: TowerForge<Offer>) {
  if ("offer" in made.access) throw new Error("a role");
  return made.access;
}

describe("a user with a key", () => {
  it("makes a user, three policies by name, and attaches each", async () => {
    const made = make();
    await valueOf(accessOf(made).accessKeyId);
    expect(mocks.one("aws:iam/user:User").inputs).toEqual({
      name: "TowerForge-Test",
      tags: { ManagedBy: "Pulumi", Project: "AWSMegatests", Stack: "test", UsedBy: "Seqera Platform" },
    });
    const names = mocks.of("aws:iam/policy:Policy").map(({ inputs }) => inputs["name"]);
    expect(names.toSorted()).toEqual([
      "TowerForge-Forge-Policy",
      "TowerForge-Launch-Policy",
      "TowerForge-S3-Policy",
    ]);
    expect(mocks.of("aws:iam/userPolicyAttachment:UserPolicyAttachment")).toHaveLength(3);
  });

  it("makes the key only after every attachment", async () => {
    await valueOf(accessOf(make()).accessKeyId);
    const order = mocks.registered.map(({ type }) => type);
    const last = order.lastIndexOf("aws:iam/userPolicyAttachment:UserPolicyAttachment");
    expect(order.indexOf("aws:iam/accessKey:AccessKey")).toBeGreaterThan(last);
  });

  it("keeps the secret secret, and tells the names and ARNs", async () => {
    const made = make();
    expect(await pulumi.isSecret(accessOf(made).secretAccessKey)).toBe(true);
    expect(await valueOf(accessOf(made).secretAccessKey)).toBe("s3cr3t");
    expect(await valueOf(pulumi.output(made.policyArns))).toEqual({
      forge: `arn:aws:iam::${account}:policy/TowerForge-Forge-Policy`,
      launch: `arn:aws:iam::${account}:policy/TowerForge-Launch-Policy`,
      s3: `arn:aws:iam::${account}:policy/TowerForge-S3-Policy`,
    });
    expect(await valueOf(made.names["userArn"]!)).toBe(`arn:aws:iam::${account}:user/TowerForge-Test`);
  });

  it("says so when two keys exist, and what comes of them", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    await valueOf(accessOf(make()).accessKeyId);
    expect(warn).not.toHaveBeenCalled();
    await settled();
    const plan = { trigger: "deployment:AKIA1", unfinished: true, keyIds: ["AKIA1", "AKIA2"], until: "" };
    await valueOf(accessOf(make({ plan })).accessKeyId);
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      `The IAM user TowerForge-Test has two access keys, so the last rotation is unfinished: it is finished, and no other is started.
  keys: AKIA1 and AKIA2
  then: Seqera Platform holds the one that the state knows, and the other is deleted, also if it was made by hand.`,
    ]);
    warn.mockRestore();
  });

  it("gives nothing to the engine as the component's own inputs", async () => {
    await valueOf(accessOf(make()).accessKeyId);
    expect(mocks.one("AWSMegatests:towerforge:TowerForgeUser").inputs).toEqual({});
  });
});

describe("a role", () => {
  const offer = { externalId: pulumi.secret("ext-1") };

  it("trusts Seqera's principal alone, for the external id of these credentials", async () => {
    const made = make({}, offer);
    expect(await valueOf(pulumi.output(made.names))).toEqual({
      roleName: "Seqera",
      roleArn: `arn:aws:iam::${account}:role/Seqera`,
    });
    const { inputs, secrets } = mocks.one("aws:iam/role:Role");
    expect(secrets).toEqual(["assumeRolePolicy"]);
    const seqera = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::999999999999:role/Seqera" } };
    expect({
      ...inputs,
      assumeRolePolicy: JSON.parse(inputs["assumeRolePolicy"] as string) as unknown,
    }).toEqual({
      name: "Seqera",
      description: "Assumed by Seqera Platform",
      tags: { ManagedBy: "Pulumi", Project: "AWSMegatests", Stack: "test", UsedBy: "Seqera Platform" },
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            ...seqera,
            Sid: "SeqeraAssumes",
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "sts:ExternalId": "ext-1" } },
          },
          { ...seqera, Sid: "SeqeraTagsItsSessions", Action: "sts:TagSession" },
        ],
      },
    });
  });

  it("has the three policies, and there is no user and no key", async () => {
    const made = make({}, offer);
    if (!("offer" in made.access)) throw new Error("a key");
    expect(made.access.offer).toBe(offer);
    await Promise.all(made.access.after.map(({ urn }) => valueOf(urn)));
    expect(mocks.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs)).toEqual(
      ["Forge", "Launch", "S3"].map((part) => ({
        role: "Seqera",
        policyArn: `arn:aws:iam::${account}:policy/TowerForge-${part}-Policy`,
      })),
    );
    expect(mocks.registered.map(({ type }) => type)).not.toContain("aws:iam/user:User");
    expect(mocks.registered.map(({ type }) => type)).not.toContain("aws:iam/accessKey:AccessKey");
  });

  it("leaves the policies' names in the state as they are with a key", async () => {
    const policies = async (made: TowerForge<Offer>) => {
      await valueOf(pulumi.output(made.policyArns));
      await settled();
      const all = mocks.of("aws:iam/policy:Policy").map(({ name, inputs }) => ({ name, inputs }));
      mocks.registered.length = 0;
      return all;
    };
    expect(await policies(make({}, offer))).toEqual(await policies(make()));
  });
});
