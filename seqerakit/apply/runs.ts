import { z } from "zod";
import type { Call } from "./http.ts";

/** A run that is queued or under way. */
export interface ActiveRun {
  id: string;
  name: string;
  /** Undefined where the Platform does not tell. */
  computeEnvId: string | undefined;
}

/** The API's largest page. */
const PAGE = 100;

const page = z.object({
  workflows: z.array(z.object({ workflow: z.object({ id: z.string(), runName: z.string().nullish() }) })),
});
const launch = z.object({
  launch: z.object({ computeEnv: z.object({ id: z.string() }).nullish() }),
});

/** All active runs of the workspace. A list does not say where a run is, its launch does: one call each, one by one. */
export async function activeRuns(call: Call, workspaceId: number): Promise<ActiveRun[]> {
  const names = new Map<string, string>();
  // In this order a run that starts between the two questions is in one of the answers.
  for (const status of ["submitted", "running"]) {
    for (let offset = 0, full = true; full; offset += PAGE) {
      const searchParams = { workspaceId, search: `status:${status}`, max: PAGE, offset };
      const { workflows } = await call("get", "workflow", page, { searchParams });
      for (const { workflow } of workflows) names.set(workflow.id, workflow.runName ?? workflow.id);
      full = workflows.length === PAGE;
    }
  }
  const runs: ActiveRun[] = [];
  for (const [id, name] of names) {
    const { launch: launched } = await call("get", `workflow/${id}/launch`, launch, {
      searchParams: { workspaceId },
    });
    runs.push({ id, name, computeEnvId: launched.computeEnv?.id });
  }
  return runs;
}
