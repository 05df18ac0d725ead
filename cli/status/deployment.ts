/** The part that the engine remembers: how the last deployment ended. */
import { type Operation } from "../stack/history.ts";
import type { StackState } from "../stack/state.ts";
import type { Part, Wrong } from "./part.ts";

/** @param last undefined where there was none */
export function deploymentPart(
  last: Operation | undefined,
  { pending }: Pick<StackState, "pending">,
): Omit<Part, "name"> {
  if (!last)
    return {
      lines: [["none", ""]],
      data: null,
      wrong: [{ found: "the stack was never deployed", mend: "pulumi up" }],
    };
  const { kind, result, startTime, endTime, resourceChanges } = last;
  const at = endTime ?? startTime;
  const changes = Object.entries(resourceChanges ?? {}).filter(([op]) => op !== "same");
  const said = changes.map(([op, count]) => `${op} ${count}`).join(", ") || "nothing changed";
  const wrong = result === "succeeded" ? [] : [unfinished(last)];
  if (pending.length > 0)
    wrong.push({
      found: `${pending.length} operations are pending`,
      mend: "npm run --silent megatests -- recover",
    });
  return {
    lines: [[`${kind} of ${at}`, `${result}: ${said}`]],
    data: { kind, result, at, changes: resourceChanges ?? {} },
    wrong,
  };
}

function unfinished({ kind, result, startTime }: Operation): Wrong {
  if (result === "in-progress")
    return { found: `the ${kind} that began at ${startTime} is under way`, mend: "wait for its end" };
  return { found: `the last ${kind} has ${result}`, mend: "pulumi up" };
}
