import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { ensurePython, type Python } from "../../sandbox/toolchain/python.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { ANSWERS } from "./answers.ts";
import { deployerPolicy, namedPolicies } from "./named.ts";
import { EVERYTHING, stackArgs } from "./stack-args.ts";

let linters: Python;

beforeAll(async () => {
  const requirements = join(import.meta.dirname, "linters/requirements.txt");
  linters = await ensurePython(silent, { requirements, contents: "parliament and cloudsplaining" });
}, 300_000);

const policies = [
  ...namedPolicies(stackArgs()),
  ...namedPolicies(stackArgs(EVERYTHING)),
  deployerPolicy({ credentialModes: ["key", "role"], bucketMode: "create" }),
];
const answered = (linter: string, policy: string) =>
  ANSWERS.filter((each) => each.linter === linter && each.policies.includes(policy)).map(
    ({ finding }) => finding,
  );

describe.each(policies)("the $name policy", { timeout: 60_000 }, ({ name, document }) => {
  it("is clean to parliament, but for what the documents answer", async () => {
    const found = (await parliament(document)).map(({ issue }) => issue);
    expect(found.filter((issue) => !answered("parliament", name).includes(issue))).toEqual([]);
  });

  it("is clean to cloudsplaining, but for what the documents answer", async () => {
    const found = await cloudsplaining(document);
    expect(found.filter((issue) => !answered("cloudsplaining", name).includes(issue))).toEqual([]);
  });
});

describe("the linters", { timeout: 60_000 }, () => {
  const open = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["iam:PassRole", "s3:GetObject", "s3:GetObjct"], Resource: "*" }],
  };

  it("find what is wrong", async () => {
    expect((await parliament(open)).map(({ issue }) => issue)).toContain("UNKNOWN_ACTION");
    expect(await cloudsplaining(open)).toContain("Data Exfiltration");
  });

  it("still find what the documents answer", async () => {
    for (const name of ["Forge", "Deployer"]) {
      const found = await parliament(policies.find((policy) => policy.name === name)!.document);
      const issues = [...new Set(found.map(({ issue }) => issue))];
      expect(issues.toSorted()).toEqual(answered("parliament", name).toSorted());
    }
  });
});

async function parliament(document: object): Promise<{ issue: string }[]> {
  const { stdout } = await execa(
    join(linters.bin, "parliament"),
    ["--json", "--include-community-auditors"],
    {
      input: JSON.stringify(document),
      reject: false,
    },
  );
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { issue: string });
}

/** It has no output for programs: its library does. */
const SCAN = `
import json, sys
from cloudsplaining.scan.policy_document import PolicyDocument
policy = PolicyDocument(json.load(sys.stdin))
found = {
    "Privilege Escalation": policy.allows_privilege_escalation,
    "Data Exfiltration": policy.allows_data_exfiltration_actions,
    "Resource Exposure": policy.permissions_management_without_constraints,
    "Infrastructure Modification": policy.infrastructure_modification,
    "Credentials Exposure": policy.credentials_exposure,
    "Service Wildcard": policy.service_wildcard,
}
print(json.dumps([name for name, findings in found.items() if findings]))
`;

async function cloudsplaining(document: object): Promise<string[]> {
  const { stdout } = await execa(linters.python, ["-c", SCAN], { input: JSON.stringify(document) });
  return JSON.parse(stdout) as string[];
}
