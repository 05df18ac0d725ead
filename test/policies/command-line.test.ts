import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "policies-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const policies = (...args: string[]) =>
  execa(process.execPath, ["test/policies/main.ts", ...args], { reject: false });
const file = (name: string, content: unknown) => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return join(folder, name);
};
const allow = (Action: string, Resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource }],
});
const submit = {
  group: "runs",
  what: "a job",
  calls: [{ action: "batch:TerminateJob", resource: "arn:aws:batch:eu-west-1:123456789012:job/1" }],
};

it("prints a document as AWS would be given it", async () => {
  const { stdout, exitCode } = await policies("--document", "S3", "--account", "111122223333");
  expect(exitCode).toBe(0);
  expect((JSON.parse(stdout) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid)).toEqual([
    ...["S3Bucket", "S3Objects"],
  ]);
});

it("judges other policies by other tables, and says by its exit code what came of it", async () => {
  const other = file("other.json", allow("batch:TerminateJob", "*"));
  const args = ["--policies", other, "--needs", file("needs.json", [submit])];
  const good = await policies(...args, "--attacks", file("none.json", []));
  expect([good.exitCode, good.stdout.split("\n").filter((line) => / of /.test(line))]).toEqual([
    0,
    ["calls allowed    1 of 1", "parts necessary  3 of 3", "attacks denied   0 of 0"],
  ]);
  const bad = await policies(...args, "--attacks", file("attacks.json", [submit]));
  expect(bad.exitCode).toBe(1);
  expect(bad.stdout).toContain("attacks denied   0 of 1\n  an attack, but allowed: runs: a job");
});

const ROW =
  '[{"group": "…", "what": "…", "calls": [{"action": "s3:GetObject", "resource": "arn:…", "context": {}}]}]';

it.each([
  [
    "no such policy",
    ["--document", "Forges"],
    "There is no such policy.\n  got:     Forges\n  allowed: Forge, Launch, S3 or Deployer\n  mend:    npm run --silent policies -- --document Forge",
  ],
  [
    "no such file",
    ["--needs", "missing.json"],
    `A file cannot be used.
  file:    missing.json
  got:     ENOENT: no such file or directory, open 'missing.json'
  allowed: ${ROW}
  mend:    edit the file, or name another one`,
  ],
  [
    "no such stack",
    ["--stack", "Pulumi.none.yaml"],
    `A file cannot be used.
  file:    Pulumi.none.yaml
  got:     ENOENT: no such file or directory
  allowed: the settings of a stack, under config
  mend:    edit the file, or name another one`,
  ],
  [
    "no account",
    ["--account", "12"],
    "That is no account.\n  got:     12\n  allowed: the 12 digits of an AWS account\n  mend:    npm run --silent policies -- --account 123456789012",
  ],
])("refuses in words: %s", async (_, args, text) => {
  const { exitCode, stderr, stdout } = await policies(...args);
  expect([exitCode, stdout, stderr]).toEqual([2, "", text]);
});

it("refuses in words: a table that is none", async () => {
  const table = file("table.json", [{ group: "x", what: "y" }]);
  const { exitCode, stderr } = await policies("--needs", table);
  expect([exitCode, stderr]).toEqual([
    2,
    `A file cannot be used.
  file:    ${table}
  got:     ✖ Invalid input: expected array, received undefined   → at [0].calls
  allowed: ${ROW}
  mend:    edit the file, or name another one`,
  ]);
});
