import { describe, expect, it } from "vitest";
import { judge } from "./judge.ts";
import { namedPolicies } from "./named.ts";
import { forBucket, publishedPolicies } from "./published.ts";
import { placeOf, stackArgs } from "./stack-args.ts";
import { attacks, needs } from "./tables/index.ts";

const published = publishedPolicies();
const statementsOf = (documents: { document: { Statement: object[] } }[]) =>
  documents.flatMap(({ document }) => document.Statement) as { Sid: string }[];

if (published === undefined)
  console.warn(
    "Left out: no comparison with Seqera's published policies, as ../shared/facts/iam is not there",
  );

describe.runIf(published !== undefined)("Seqera's published policies", () => {
  const args = stackArgs();
  const place = placeOf(args);
  const theirs = forBucket(published ?? [], place.bucket);

  it("are what the profile seqera-docs gives, statement by statement", () => {
    const docs = theirs.filter(({ name }) => name === "Seqera's docs");
    const own = statementsOf(namedPolicies({ ...args, permissions: "seqera-docs" }));
    for (const statement of statementsOf(docs))
      expect(normal(own.find(({ Sid }) => Sid === statement.Sid))).toEqual(normal(statement));
    // Beside them stands the writing of the work bucket, which Seqera publishes as a policy of its own.
    expect(
      own.map(({ Sid }) => Sid).filter((sid) => !statementsOf(docs).some(({ Sid }) => Sid === sid)),
    ).toEqual(["S3Objects"]);
  });

  it("let attacks through that ours deny", async () => {
    const tower = theirs.filter(({ name }) => name.startsWith("nf-tower-aws"));
    const through = (await judge(place.principal, tower, attacks(place, args))).filter(
      ({ allowed }) => allowed,
    );
    const groups = [...new Set(through.map(({ group }) => group))];
    expect(groups).toEqual(
      expect.arrayContaining([
        "IAM",
        "roles",
        "S3",
        "logs",
        "neighbours",
        "another region",
        "another account",
      ]),
    );
    expect(through.length).toBeGreaterThan(50);
  });

  it("meet the needs of the tables, so that the tables ask for nothing that Seqera does not", async () => {
    const denied = (await judge(place.principal, theirs, needs(place, args))).filter(
      ({ allowed }) => !allowed,
    );
    expect(denied).toEqual([]);
  });
});

function normal(statement: object | undefined): object {
  const { Action, Resource, ...rest } = statement as {
    Action: string | string[];
    Resource: string | string[];
  };
  return { ...rest, Action: [Action].flat().toSorted(), Resource: [Resource].flat().toSorted() };
}
