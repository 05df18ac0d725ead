/** One cell of the matrix: one fault at one call, mended and deployed again, and judged. */
import { setTimeout as sleep } from "node:timers/promises";
import { findSecrets } from "../canary/detector.ts";
import { searchFolder } from "../canary/files.ts";
import { type Fault, kills, ruleOf } from "./fault.ts";
import { holdingsOf } from "./holdings.ts";
import { PARTS, type PartName } from "./part.ts";
import { type Spot, spotsOf } from "./spot.ts";
import type { Stage } from "./stage.ts";
import { faultsIn } from "./verdict.ts";

/** Plain JSON. */
export interface Cell {
  part: PartName;
  spot: Spot;
  fault: Fault;
}

/** What came of it; plain JSON. */
export interface Outcome {
  cell: Cell;
  /** Which of the calls like the cell's was hit: a wait may have ended before the cell's own came. */
  hitAt?: number | undefined;
  /** Empty when it has passed. */
  reasons: string[];
  seconds: number;
  /** How the deployment with the fault has ended. */
  first: string;
  prober: { calls: number; refused: number; unanswered: number };
  /** What was said, deployment by deployment. */
  texts: string[];
}

/** A call that waits for something is made more or less often: it may not come this time. */
const TRIES = 3;

/** No orphan of a killed step works longer without a call. */
const QUIET_MILLISECONDS = 400;

/** Records the calls of a good deployment. @throws Error when it is none */
export async function record(stage: Stage, part: PartName): Promise<Spot[]> {
  return stage.at(part, async () => {
    const since = lastCall(stage);
    const { end, text } = await stage.up();
    if (end !== "ok") throw new Error(`The part ${part} has ${end} without a fault:\n${text}`);
    // How often a new key is still refused differs from run to run.
    return spotsOf(stage.callsSince(since).filter(({ status }) => status !== 403));
  });
}

/** Tries a cell; where its call did not come, again at the last of the calls like it that came. */
export async function tryCell(stage: Stage, cell: Cell): Promise<Outcome> {
  let { spot } = cell;
  for (let left = TRIES; ; left--) {
    const { hit, made, ...outcome } = await tryOnce(stage, cell, spot);
    if (hit || left === 1 || made === 0 || outcome.first !== "ok" || outcome.prober.refused > 0)
      return outcome;
    spot = { ...spot, occurrence: Math.min(made, spot.occurrence) };
  }
}

/** @returns also whether the fault has hit, and how many calls like the spot's were made by the deployment with it */
async function tryOnce(
  stage: Stage,
  cell: Cell,
  spot: Spot,
): Promise<Outcome & { hit: boolean; made: number }> {
  const { part, fault } = cell;
  const begun = Date.now();
  return stage.at(part, async () => {
    const before = await holdingsOf(stage);
    const since = lastCall(stage);
    stage.faults.add(ruleOf(fault, spot));
    const first = await stage.up();
    const hit = stage.faults.rules.length === 0;
    const made = spotsOf(stage.callsSince(since)).filter(({ pattern, method }) => {
      return pattern === spot.pattern && method === spot.method;
    }).length;
    stage.faults.clear();
    if (first.end === "killed") await quiet(stage);
    const mending = first.end === "killed" ? await stage.mend(part) : undefined;
    const second = await stage.up();
    const { calls, refused, unanswered } = stage.prober.probed;
    const reasons = faultsIn({
      ...{ part, environments: PARTS[part].environments, hit, kills: kills(fault), first, mending, second },
      ...{ before, after: await holdingsOf(stage), leaks: await leaks(stage, [first.text, second.text]) },
      refused: refused.map(({ at, held, error }) => `${held} at ${at}: ${error}`),
    });
    return {
      ...{
        cell,
        hit,
        made,
        hitAt: hit ? spot.occurrence : undefined,
        reasons,
        seconds: (Date.now() - begun) / 1000,
        first: first.end,
      },
      prober: { calls, refused: refused.length, unanswered },
      texts: [first.text, second.text],
    };
  });
}

/** What a killed step has started may still be under way; an operator is not that fast. */
async function quiet(stage: Stage): Promise<void> {
  for (let last = -1; last !== (last = lastCall(stage));) await sleep(QUIET_MILLISECONDS);
}

function lastCall({ callsSince }: Stage): number {
  return callsSince(0).at(-1)?.n ?? 0;
}

/** In what was printed, in the stack's state, and in temporary files. */
async function leaks(stage: Stage, printed: string[]): Promise<string[]> {
  const secrets = { ...stage.secrets, ...stage.fleet.aws.madeSecrets() };
  const inText = findSecrets(printed.join("\n"), secrets).map(
    ({ secret }) => `${secret} in what was printed`,
  );
  const folders = await Promise.all(
    [stage.world.state, stage.temporary].map((folder) => searchFolder(folder, secrets)),
  );
  return [...inText, ...folders.flat().map(({ secret, file }) => `${secret} in ${file}`)];
}
