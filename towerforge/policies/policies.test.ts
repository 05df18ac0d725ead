import { describe, expect, it } from "vitest";
import { forgeGrants } from "./forge.ts";
import { type Grant, policyDocument } from "./grant.ts";
import { launchGrants } from "./launch.ts";
import { s3Grants } from "./s3.ts";

const scope = { partition: "aws", region: "eu-west-1", account: "123456789012" };
const forge = (efsRights = false, fsxRights = false) =>
  forgeGrants({ ...scope, efsRights, fsxRights, forgeManagedPolicies: ["service-role/AWSBatchServiceRole"] });
const bucketArn = "arn:aws:s3:::work";
const policies: [string, Grant[]][] = [
  ["Forge", forge()],
  ["Forge with file systems", forge(true, true)],
  ["Launch", launchGrants(scope)],
  ["S3", s3Grants({ bucketArn })],
];

describe.each(policies)("the %s policy", (_, grants) => {
  it("fits into a managed policy's 6,144 characters", () => {
    expect(JSON.stringify(policyDocument(grants)).length).toBeLessThanOrEqual(6144);
  });

  it("has a reason and a source for every statement, and unique Sids", () => {
    expect(new Set(grants.map(({ sid }) => sid)).size).toBe(grants.length);
    for (const { sid, why, source } of grants) {
      expect(sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(why.length).toBeGreaterThan(20);
      expect(source).toMatch(/^https:\/\//);
    }
  });

  it("names each action in full, and binds all but descriptions to resources", () => {
    for (const { actions, resources, conditions } of grants) {
      for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z0-9]+$/);
      if (!resources.includes("*")) continue;
      expect(conditions).toEqual({ StringEquals: { "aws:RequestedRegion": "eu-west-1" } });
      for (const action of actions) expect(action).toMatch(/:(Describe|List|Get|StopQuery)/);
    }
  });
});

describe("the three together", () => {
  const all = [...forge(true, true), ...launchGrants(scope), ...s3Grants({ bucketArn })];

  it("share no statement", () => {
    const rights = all.flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`)),
    );
    expect(rights.toSorted()).toEqual([...new Set(rights)].toSorted());
  });

  it("pass, attach and change roles of Forge only", () => {
    const iam = all.filter(({ actions }) => actions.some((action) => action.startsWith("iam:")));
    for (const { resources } of iam)
      for (const resource of resources)
        expect(resource).toMatch(/^arn:aws:iam::123456789012:(role|instance-profile)\/TowerForge-\*$/);
    const of = (action: string) => iam.find(({ actions }) => actions.includes(action))?.conditions;
    expect(of("iam:PassRole")).toEqual({
      StringEquals: {
        "iam:PassedToService": ["batch", "ec2", "ecs-tasks", "spotfleet"].map(
          (service) => `${service}.amazonaws.com`,
        ),
      },
    });
    expect(of("iam:AttachRolePolicy")).toEqual({
      ArnEquals: { "iam:PolicyARN": ["arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole"] },
    });
  });

  it("have no right on file systems unless it is switched on", () => {
    const actions = forge().flatMap((grant) => grant.actions);
    expect(actions.filter((action) => /^(elasticfilesystem|fsx):/.test(action))).toEqual([]);
  });

  it("touch the work bucket and no other", () => {
    const resources = all
      .filter(({ actions }) => actions.some((each) => each.startsWith("s3:")))
      .flatMap((each) => each.resources);
    expect(resources).toEqual([bucketArn, `${bucketArn}/*`]);
  });
});
