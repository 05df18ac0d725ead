import { describe, expect, it } from "vitest";
import { trustDocument } from "../../towerforge/policies/index.ts";
import { credentialsPart, type Credentials } from "./credentials.ts";
import { otherRightsPart } from "./other-rights.ts";
import { policiesPart } from "./policies.ts";
import { rolePart } from "./role.ts";

const NAME = "SeqeraPlatform";
const PRINCIPAL = "arn:aws:iam::161471496260:role/SeqeraPlatformCloudAccessRole";
const ROLE = `arn:aws:iam::123456789012:role/${NAME}`;
const REFRESH = "pulumi refresh --run-program --yes && pulumi up";
const trust = trustDocument({ seqeraPrincipal: PRINCIPAL, externalId: "x-1" });

describe("a role", () => {
  it("agrees where it trusts the Platform for the external id of the stack's credentials, which is not shown", () => {
    const part = rolePart(NAME, trust, PRINCIPAL, "x-1");
    expect(part).toEqual({
      lines: [[NAME, `exists, trusts ${PRINCIPAL}`]],
      data: { name: NAME, exists: true, trusts: true },
      wrong: [],
    });
    expect(JSON.stringify(part)).not.toContain("x-1");
  });

  it.each([
    ["somebody else", trust, "arn:aws:iam::999999999999:root", "x-1"],
    ["another external id", trust, PRINCIPAL, "x-2"],
    ["credentials that are gone", trust, PRINCIPAL, undefined],
  ])("does not agree where it trusts %s", (_, document, principal, externalId) => {
    expect(rolePart(NAME, document, principal, externalId).wrong).toEqual([
      { found: `role ${NAME} does not trust the Platform's credentials as it must`, mend: REFRESH },
    ]);
  });

  it("does not agree where it is gone", () => {
    expect(rolePart(NAME, undefined, PRINCIPAL, "x-1")).toMatchObject({
      lines: [[NAME, "does not exist"]],
      wrong: [{ found: `AWS has no role ${NAME}`, mend: REFRESH }],
    });
  });

  it("has policies and rights that are taken from it by its own commands", () => {
    const state = { policies: [] };
    const attached = [{ name: "More", arn: "arn:aws:iam::aws:policy/More" }];
    const holder = { kind: "role", name: NAME } as const;
    expect(policiesPart(attached, [], { holder, state }).wrong).toEqual([
      {
        found: "policy More is attached, and is not this stack's",
        mend: `aws iam detach-role-policy --policy-arn arn:aws:iam::aws:policy/More --role-name ${NAME}`,
      },
    ]);
    expect(otherRightsPart(holder, { inline: ["own"], groups: [] }).wrong).toEqual([
      {
        found: "the role has a policy of its own, own, which is not this stack's",
        mend: `aws iam delete-role-policy --role-name ${NAME} --policy-name own`,
      },
    ]);
  });
});

describe("credentials that assume a role", () => {
  const own = (some: Partial<Credentials[number]>) => ({
    ...{ id: "c1", name: "tower-Seqera", provider: "aws", status: "AVAILABLE" },
    keys: { assumeRoleArn: ROLE },
    ...some,
  });
  const wrong = (...all: Credentials) =>
    credentialsPart(all, { name: "tower-Seqera", roleArn: ROLE, keyId: "AKIA1" }).wrong.map(
      ({ found }) => found,
    );

  it("agree", () => {
    expect(wrong(own({}), own({ id: "c2", name: "tower" }), own({ id: "c3", provider: "github" }))).toEqual(
      [],
    );
  });

  it.each([
    ["are INVALID", [own({ status: "INVALID" })], ["the credentials tower-Seqera are INVALID"]],
    [
      "assume another role",
      [own({ keys: { assumeRoleArn: "arn:other" } })],
      [`the credentials tower-Seqera assume arn:other, the stack has ${ROLE}`],
    ],
    [
      "hold a key",
      [own({ keys: { accessKey: "AKIA1" } })],
      [`the credentials tower-Seqera assume no role, the stack has ${ROLE}`],
    ],
    ["are there twice", [own({}), own({ id: "c2" })], ["2 sets of credentials are named tower-Seqera"]],
    ["are gone", [], ["there are no credentials tower-Seqera"]],
  ])("do not agree where they %s", (_, all, expected) => {
    expect(wrong(...all)).toEqual(expected);
  });
});
