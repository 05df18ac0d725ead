import { expect, test } from "vitest";
import { ANSWERS, EXISTING, W } from "../testing/credentials.ts";
import { WORKSPACE_LINES } from "../testing/recorder.ts";
import { twAgainst } from "../testing/tw.ts";

test("list", async () => {
  const run = await twAgainst(ANSWERS, ["-o", "json", "credentials", "list", ...W]);
  expect(run.lines()).toEqual([...WORKSPACE_LINES, "GET /credentials?workspaceId=222"]);
  const { lastUsed, ...shown } = EXISTING;
  expect(lastUsed).toBeNull();
  expect(JSON.parse(run.stdout)).toEqual({ workspaceRef: "[nf-core / AWSmegatests]", credentials: [shown] });
  const text = await twAgainst(ANSWERS, ["credentials", "list", ...W]);
  expect(text.stdout).toContain("     ID | Provider | Name          | Last activity\n");
  expect(text.stdout).toContain("     c1 | aws      | tower-awstest | never\n");
});

test.each([
  [{ status: "AVAILABLE" }, 0],
  [{ status: "INVALID", message: "The security token is invalid" }, 1],
  [{ status: "AVAILABLE", transientError: true }, 0],
])("validate: %j", async (outcome, exitCode) => {
  const answers = { ...ANSWERS, "POST /credentials/c1/validate": outcome };
  const run = await twAgainst(answers, ["-o", "json", "credentials", "validate", "-n", EXISTING.name, ...W]);
  expect(run.lines().slice(2)).toEqual([
    "GET /credentials?workspaceId=222",
    "POST /credentials/c1/validate?workspaceId=222&force=false",
  ]);
  expect(run.exitCode).toBe(exitCode);
  expect(JSON.parse(run.stdout)).toEqual({
    id: "c1",
    name: "tower-awstest",
    workspaceRef: "[nf-core / AWSmegatests]",
    transientError: false,
    ...outcome,
  });
});
