import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ANSWERS, BY_NAME, CONFIG, DESCRIBED, LISTED, W, after } from "../testing/compute-envs.ts";
import { WORKSPACE_LINES } from "../testing/recorder.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

const { folder } = temporaryFolder();

test("list", async () => {
  const run = await after(["compute-envs", "list", ...W]);
  expect(run.lines()).toEqual([...WORKSPACE_LINES, "GET /compute-envs?workspaceId=222"]);
  expect(run.stdout).toContain("       ID | Status    | Platform  | Name | Last activity\n");
  expect(run.stdout).toContain("     * e1 | AVAILABLE | aws-batch | cpu  | never\n");
  const json = await after(["-o", "json", "ce", "list", ...W]);
  expect(JSON.parse(json.stdout)).toEqual({
    workspaceRef: "[nf-core / AWSmegatests]",
    computeEnvs: [LISTED],
  });
});

describe("view", () => {
  test("by name: the list, then with labels; JSON is the Platform's object", async () => {
    const run = await after(["-o", "json", "compute-envs", "view", "-n", "cpu", ...W]);
    expect(run.rest).toEqual(BY_NAME);
    const { message, ...shown } = DESCRIBED;
    expect(message).toBeNull();
    expect(JSON.parse(run.stdout)).toEqual(shown);
  });

  test("by id: at once", async () => {
    const run = await after(["compute-envs", "view", "-i", "e1", ...W]);
    expect(run.rest).toEqual(BY_NAME.slice(1));
    expect(run.stdout).toMatch(/Labels +\| team=core\n/);
    expect(run.stdout).not.toContain("forgedResources");
  });

  test("a name that is not there", async () => {
    const run = await after(["compute-envs", "view", "-n", "x", ...W]);
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      "\n ERROR: Compute environment 'x' not found at 222 workspace\n\n",
    ]);
  });
});

test.each([
  ["AVAILABLE", 0],
  ["INVALID", 1],
])("validate: %s", async (status, exitCode) => {
  const answers = { ...ANSWERS, "POST /compute-envs/e1/validate": { status, message: "because" } };
  const run = await after(["compute-envs", "validate", "-i", "e1", ...W], answers);
  expect(run.rest).toEqual([
    ...BY_NAME.slice(1),
    "POST /compute-envs/e1/validate?workspaceId=222&force=false",
  ]);
  expect(run.exitCode).toBe(exitCode);
  expect(run.stdout).toBe(
    `\n  Compute environment 'e1' at [nf-core / AWSmegatests] workspace validated as ${status}\n  Detail: because\n\n`,
  );
});

test("export writes what import reads: no trace of what Forge made, labels along", async () => {
  const path = join(folder, "exported.json");
  const run = await after(["compute-envs", "export", "-n", "cpu", path, ...W]);
  expect(run.rest).toEqual(BY_NAME);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ ...CONFIG, labels: DESCRIBED.labels });
  const shown = await after(["compute-envs", "export", "-n", "cpu", ...W]);
  expect(JSON.parse(shown.stdout)).toEqual({ ...CONFIG, labels: DESCRIBED.labels });
});
