import { expect, it } from "vitest";
import { type PolicyDocument, simulate } from "../../sandbox/services/aws/authorization/simulate.ts";
import { trustDocument } from "./trust.ts";

const SEQERA = "arn:aws:iam::161471496260:role/SeqeraPlatformCloudAccessRole";
const role = "arn:aws:iam::123456789012:role/SeqeraPlatform";
const trust = trustDocument({ seqeraPrincipal: SEQERA, externalId: "ext-1" }) as PolicyDocument;
const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/** Whoever it is, may do everything by its own documents: what decides is the trust alone. */
async function may(action: string, arn: string, externalId?: string): Promise<boolean> {
  const context = { "aws:PrincipalArn": arn, ...(externalId && { "sts:ExternalId": externalId }) };
  const caller = { arn, policies: [{ name: "everything", document: everything }] };
  const call = { action: `sts:${action}`, resource: role, context };
  return (await simulate(caller, call, trust, "123456789012")).result === "Allowed";
}

it("lets Seqera assume the role for the credentials it was made for, and tag its session", async () => {
  expect(await may("AssumeRole", SEQERA, "ext-1")).toBe(true);
  expect(await may("TagSession", SEQERA, "ext-1")).toBe(true);
});

it.each([
  ["Seqera without an external id", SEQERA, undefined],
  ["Seqera for somebody else's credentials", SEQERA, "ext-2"],
  ["another role of Seqera's", `${SEQERA}Other`, "ext-1"],
  ["a stranger", "arn:aws:iam::999999999999:role/SeqeraPlatformCloudAccessRole", "ext-1"],
  ["an administrator of the same account", "arn:aws:iam::123456789012:user/admin", "ext-1"],
])("lets it be assumed by nobody else: %s", async (_, arn, externalId) => {
  expect(await may("AssumeRole", arn, externalId)).toBe(false);
});
