/** What the engine remembers of a stack's last operation. */
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

/** Undefined where the stack was never deployed. */
export async function lastOperation(place: StackPlace): Promise<Operation | undefined> {
  const answer = await askEngine(place, ["stack", "history", "--json", "--page-size", "1", "--page", "1"]);
  return z.array(entry).parse(JSON.parse(answer))[0];
}
