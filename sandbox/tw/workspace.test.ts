import { describe, expect, test } from "vitest";
import { WORKSPACE_ANSWERS, WORKSPACE_LINES } from "./testing/recorder.ts";
import { twAgainst } from "./testing/tw.ts";

const CREDENTIALS = { "GET /credentials": { credentials: [] } };

describe("workspace", () => {
  const answers = { ...WORKSPACE_ANSWERS, ...CREDENTIALS };
  const list = "GET /credentials?workspaceId=222";

  test("Org/Name is looked up first, exactly", async () => {
    const run = await twAgainst(answers, ["credentials", "list", "-w", "nf-core/AWSmegatests"]);
    expect(run.lines()).toEqual([...WORKSPACE_LINES, list]);
    const other = await twAgainst(answers, ["credentials", "list", "-w", "nf-core/awsmegatests"]);
    expect(other.stderr).toContain(" ERROR: Workspace 'awsmegatests' at organization 'nf-core' not found\n");
    expect(other.lines()).toEqual(WORKSPACE_LINES);
  });

  test("a number is used first and looked up afterwards", async () => {
    const run = await twAgainst(answers, ["credentials", "list"], { TOWER_WORKSPACE_ID: "222" });
    expect(run.lines()).toEqual([list, ...WORKSPACE_LINES]);
    expect(run.stdout).toContain("Credentials at [nf-core / AWSmegatests] workspace:");
  });

  test("an unknown number is found out only after the write", async () => {
    const writes = { ...answers, "POST /credentials": { credentialsId: "c1" } };
    const run = await twAgainst(writes, ["credentials", "add", "aws", "-n", "x", "-w", "999"]);
    expect(run.lines()[0]).toBe("POST /credentials?workspaceId=999&useExternalId=false");
    expect([run.exitCode, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toBe("\n ERROR: Workspace '999' not found\n\n");
  });

  test("without one it is the user's own", async () => {
    const run = await twAgainst(answers, ["-o", "json", "credentials", "list"]);
    expect(run.lines()).toEqual(["GET /credentials", "GET /user-info"]);
    expect(JSON.parse(run.stdout)).toEqual({ workspaceRef: "user", credentials: [] });
  });
});

test("workspaces list", async () => {
  const run = await twAgainst(WORKSPACE_ANSWERS, ["-o", "json", "workspaces", "list"]);
  expect(run.lines()).toEqual(WORKSPACE_LINES);
  expect(JSON.parse(run.stdout)).toEqual({
    userName: "ci",
    workspaces: [{ orgId: 1, orgName: "nf-core", workspaceId: 222, workspaceName: "AWSmegatests" }],
  });
});
