/** One of the matrix's workers: a process with a world of its own, which tries the cells it is sent. */
import { once } from "node:events";
import { record, tryCell, type Cell, type Outcome } from "./cell.ts";
import type { PartName } from "./part.ts";
import type { Spot } from "./spot.ts";
import { openStage } from "./stage.ts";

/** What a worker is asked; it answers one question at a time. */
export type Question = { record: PartName } | { try: Cell };
/** What it answers. */
export type Answer = { spots: Spot[] } | { outcome: Outcome } | { failed: string };

// Ctrl-C is for the parent; without it the worker clears its world away.
process.on("SIGINT", () => undefined);
const stage = await openStage();
process.on("message", (question: Question) => {
  const work: Promise<Answer> =
    "record" in question
      ? record(stage, question.record).then((spots) => ({ spots }))
      : tryCell(stage, question.try).then((outcome) => ({ outcome }));
  void work
    .catch((error: Error) => ({ failed: error.stack ?? error.message }))
    .then((answer) => {
      // Whoever asked may be gone.
      if (process.connected) process.send?.(answer);
    });
});
process.send?.("ready");
await once(process, "disconnect");
await stage.close();
process.exit();
