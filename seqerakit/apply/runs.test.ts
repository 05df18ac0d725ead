import { expect, it } from "vitest";
import type { Call } from "./http.ts";
import { activeRuns } from "./runs.ts";

it("finds all active runs, page by page, and where each is", async () => {
  const ids = Array.from({ length: 101 }, (_, n) => `w${n}`);
  const asked: string[] = [];
  const call: Call = async (_method, path, shape, { searchParams = {} } = {}) => {
    const { workspaceId, search, max, offset } = searchParams;
    expect(workspaceId).toBe(42);
    if (path !== "workflow")
      return shape.parse(
        path === "workflow/w0/launch" ? { launch: {} } : { launch: { computeEnv: { id: path } } },
      );
    asked.push(`${search} ${max} ${offset}`);
    // The first one begins to run between the two questions.
    const found = search === "status:running" ? ids : ids.slice(0, 1);
    const page = found.slice(Number(offset), Number(offset) + Number(max));
    return shape.parse({
      workflows: page.map((id) => ({ workflow: { id, runName: id === "w1" ? null : `run ${id}` } })),
    });
  };
  const runs = await activeRuns(call, 42);
  expect(asked).toEqual(["status:submitted 100 0", "status:running 100 0", "status:running 100 100"]);
  expect(runs).toHaveLength(101);
  expect(runs.slice(0, 3)).toEqual([
    { id: "w0", name: "run w0", computeEnvId: undefined },
    { id: "w1", name: "w1", computeEnvId: "workflow/w1/launch" },
    { id: "w2", name: "run w2", computeEnvId: "workflow/w2/launch" },
  ]);
});
