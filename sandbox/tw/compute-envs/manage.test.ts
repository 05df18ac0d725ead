import { describe, expect, test } from "vitest";
import { ANSWERS, BY_NAME, LISTED, W, after } from "../testing/compute-envs.ts";

describe("delete", () => {
  test("returns at once", async () => {
    const run = await after(["compute-envs", "delete", "-i", "e1", ...W]);
    expect(run.rest).toEqual(["DELETE /compute-envs/e1?workspaceId=222"]);
    expect(run.stdout).toBe("\n  Compute environment 'e1' deleted at [nf-core / AWSmegatests] workspace\n\n");
  });

  test("by name it is looked up first", async () => {
    const run = await after(["compute-envs", "delete", "-n", "cpu", ...W]);
    expect(run.rest).toEqual([...BY_NAME, "DELETE /compute-envs/e1?workspaceId=222"]);
  });

  test("--wait asks until it is DELETED", async () => {
    const answers = { ...ANSWERS, "GET /compute-envs/e1": { computeEnv: { id: "e1", status: "DELETED" } } };
    const run = await after(["compute-envs", "delete", "-i", "e1", "--wait", ...W], answers);
    expect(run.rest[1]).toBe("GET /compute-envs/e1?workspaceId=222");
    expect(run.exitCode).toBe(0);
  });
});

test("primary set posts nothing, as JSON", async () => {
  const run = await after(["compute-envs", "primary", "set", "-n", "cpu", ...W]);
  expect(run.rest).toEqual([...BY_NAME, "POST /compute-envs/e1/primary?workspaceId=222"]);
  expect(run.requests.at(-1)?.headers["content-type"]).toBe("application/json");
  expect(run.requests.at(-1)?.body).toBeUndefined();
  expect(run.stdout).toContain("workspace '[nf-core / AWSmegatests]' was set to 'cpu (e1)'");
});

test("primary get looks among those AVAILABLE", async () => {
  const other = { ...LISTED, id: "e0", primary: false };
  const run = await after(["-o", "json", "compute-envs", "primary", "get", ...W], {
    ...ANSWERS,
    "GET /compute-envs": { computeEnvs: [other, LISTED] },
  });
  expect(run.rest[0]).toBe("GET /compute-envs?status=AVAILABLE&workspaceId=222");
  expect(JSON.parse(run.stdout)).toEqual({ id: "e1", name: "cpu", platform: "aws-batch" });
  const none = await after(["compute-envs", "primary", "get", ...W], {
    ...ANSWERS,
    "GET /compute-envs": { computeEnvs: [] },
  });
  expect(none.stderr).toContain(
    "No available compute environment defined at [nf-core / AWSmegatests] workspace",
  );
});
