import { describe, expect, it } from "vitest";
import { simulate } from "../../sandbox/services/aws/authorization/simulate.ts";
import type { PolicyArgs } from "../../towerforge/policies/index.ts";
import { judge } from "./judge.ts";
import { namedPolicies } from "./named.ts";
import { necessity } from "./necessity.ts";
import { EVERYTHING, placeOf, stackArgs } from "./stack-args.ts";
import { attacks, needs, remainingRisks } from "./tables/index.ts";

const china: Partial<PolicyArgs> = { partition: "aws-cn", region: "cn-northwest-1" };
const variants: [string, Partial<PolicyArgs>][] = [
  ["nf-core's stack", {}],
  ["everything switched on", EVERYTHING],
  [
    "everything in China",
    { ...EVERYTHING, ...china, namedRoles: ["arn:aws-cn:iam::123456789012:role/nextflow-head"] },
  ],
  ["GovCloud", { partition: "aws-us-gov", region: "us-gov-west-1" }],
  [
    "another account, region, bucket and log group",
    {
      account: "999900001111",
      region: "us-east-1",
      bucketArn: "arn:aws:s3:::another-lab",
      logGroups: ["/aws/batch/job", "lab-runs"],
      dataExplorerRights: true,
    },
  ],
];

describe.each(variants)("the policies of %s", (_, changes) => {
  const args = stackArgs(changes);
  const place = placeOf(args);
  const policies = namedPolicies(args);

  it("allow all that Forge and runs do", async () => {
    const judged = await judge(place.principal, policies, needs(place, args));
    expect(judged.filter(({ allowed }) => !allowed)).toEqual([]);
  });

  it("have no part that no call needs", async () => {
    const parts = await necessity(place.principal, policies, needs(place, args));
    expect(parts.length).toBeGreaterThan(100);
    expect(parts.filter(({ neededBy }) => neededBy === undefined)).toEqual([]);
  });

  it("deny every attack", async () => {
    const judged = await judge(place.principal, policies, attacks(place, args));
    expect(judged.length).toBeGreaterThan(200);
    expect(judged.filter(({ allowed }) => allowed).map(({ group, what }) => `${group}: ${what}`)).toEqual([]);
  });

  it("leave what the documents say remains", async () => {
    const judged = await judge(place.principal, policies, remainingRisks(place));
    expect(judged.filter(({ allowed }) => !allowed)).toEqual([]);
  });
});

describe("the conditions", () => {
  const args = stackArgs(EVERYTHING);
  const place = placeOf(args);
  const policies = namedPolicies(args);
  const conditioned = policies.flatMap(({ name, document }, at) =>
    document.Statement.flatMap((statement, index) =>
      "Condition" in statement ? [{ part: `${name} ${sidOf(statement)}`, at, index }] : [],
    ),
  );

  it.each(conditioned)("of $part hold an attack back", async ({ at, index }) => {
    const open = structuredClone(policies);
    const statement = open[at]!.document.Statement[index] as { Action: string[]; Condition?: object };
    delete statement.Condition;
    const touched = attacks(place, args).filter(({ calls }) =>
      calls.some(({ action }) => statement.Action.includes(action)),
    );
    const judged = await judge(place.principal, open, touched);
    expect(judged.filter(({ allowed }) => allowed)).not.toEqual([]);
  });
});

describe("the tables can fail", () => {
  const args = stackArgs();
  const place = placeOf(args);

  it("an administrator's policy lets every attack through that no key's own policy stops", async () => {
    const document = {
      Version: "2012-10-17",
      Statement: [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }],
    };
    const judged = await judge(place.principal, [{ name: "Administrator", document }], attacks(place, args));
    expect(judged.filter(({ allowed }) => !allowed).flatMap(({ refused }) => refused)).toEqual([
      "kms:Decrypt on arn:aws:kms:eu-west-1:123456789012:key/0123456789abcdef",
    ]);
  });

  it("policies that allow nothing meet no need", async () => {
    const judged = await judge(place.principal, [], needs(place, args));
    expect(judged.filter(({ allowed }) => allowed)).toEqual([]);
  });

  it("a right that no call uses is found", async () => {
    const idle = {
      Sid: "Idle",
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: ["arn:aws:sqs:eu-west-1:123456789012:lab"],
    };
    const more = { name: "More", document: { Version: "2012-10-17", Statement: [idle] } };
    const parts = await necessity(place.principal, [...namedPolicies(args), more], needs(place, args));
    expect(parts.filter(({ neededBy }) => neededBy === undefined).map(({ part }) => part)).toEqual([
      "More Idle",
      "More Idle action sqs:SendMessage",
      "More Idle resource arn:aws:sqs:eu-west-1:123456789012:lab",
    ]);
  });

  it("a call that is none is an error, no denial", async () => {
    const call = { action: "batch:MakeQueue", resource: "*" };
    await expect(simulate({ arn: place.principal, policies: [] }, call)).rejects.toThrow(
      'batch:MakeQueue on * cannot be judged: {"message":"invalid.action"}',
    );
  });
});

function sidOf(statement: object): string {
  return (statement as { Sid: string }).Sid;
}
