import { describe, expect, test } from "vitest";
import { ANSWERS, CONFIG, W, after } from "../testing/compute-envs.ts";
import { Answer } from "../testing/recorder.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

const { file } = temporaryFolder();

describe.concurrent("--wait", () => {
  const importing = (json: boolean, wait: string, statuses: (string | number)[]) => {
    const polls = statuses.map((status) =>
      typeof status === "number" ? new Answer(status) : { computeEnv: { id: "e1", status } },
    );
    const args = ["ce", "import", file("ce.json", CONFIG), "-n", "cpu", "--wait", wait, ...W];
    return after(json ? ["-o", "json", ...args] : args, { ...ANSWERS, "GET /compute-envs/e1": polls });
  };
  const poll = "GET /compute-envs/e1?workspaceId=222";

  test("asks until the status is there, the output printed before", async () => {
    const started = Date.now();
    const run = await importing(false, "AVAILABLE", ["CREATING", "AVAILABLE"]);
    expect(Date.now() - started).toBeGreaterThanOrEqual(5000);
    expect(run.rest.slice(2)).toEqual([poll, poll]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(
      /workspace\n\n {2}Waiting AVAILABLE status\.\.\.\.CREATING\.AVAILABLE {2}\[DONE\]\n\n$/,
    );
  }, 15_000);

  test.each([
    ["AVAILABLE", "ERRORED"],
    ["AVAILABLE", "INVALID"],
    ["AVAILABLE", 500],
    ["ERRORED", "AVAILABLE"],
  ])("for %s, one poll with %s ends it with exit 1 and JSON that does not tell", async (wait, status) => {
    const run = await importing(true, wait, [status, "AVAILABLE"]);
    expect(run.rest.slice(2)).toEqual([poll]);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ id: "e1" });
    expect(run.stderr).toBe("");
  });
});
