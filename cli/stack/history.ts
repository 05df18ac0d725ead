/** What the engine remembers of a stack's last deployment. */
import { z } from "zod";
import { askEngine, type StackPlace } from "./place.ts";

const entry = z.object({
  /** `update`, `refresh`, `destroy`, … */
  kind: z.string(),
  /** `succeeded`, `failed` or `in-progress`. */
  result: z.string(),
  startTime: z.string(),
  endTime: z.string().nullish(),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
});
export type Operation = z.infer<typeof entry>;

/** What makes or takes away; a refresh or an import says nothing of how a deployment has ended. */
const DEPLOYMENTS = ["update", "destroy"];
/** Many refreshes in a row are looked past. */
const ENTRIES = "50";

/** Undefined where the stack was never deployed. */
export async function lastDeployment(place: StackPlace): Promise<Operation | undefined> {
  const answer = await askEngine(place, [
    "stack",
    "history",
    "--json",
    "--page-size",
    ENTRIES,
    "--page",
    "1",
  ]);
  return newestDeployment(JSON.parse(answer));
}

/** @param history the engine's document, the newest first */
export function newestDeployment(history: unknown): Operation | undefined {
  return z
    .array(entry)
    .parse(history)
    .find(({ kind }) => DEPLOYMENTS.includes(kind));
}
