/** What the matrix says at its end. */
import Table from "cli-table3";
import type { Outcome } from "./cell.ts";
import { FAULTS } from "./fault.ts";
import { type PartName, PARTS } from "./part.ts";
import { nameOf } from "./plan.ts";
import type { Spot } from "./spot.ts";

/** What was recorded and tried of a part. */
export interface PartReport {
  part: PartName;
  spots: Spot[];
  outcomes: Outcome[];
}

/** Whether the cell is as it must be. */
export function hasPassed({ reasons }: Outcome): boolean {
  return reasons.length === 0;
}

/** Calls by faults, and under them how many cells have passed. */
export function matrixText({ part, spots, outcomes }: PartReport): string {
  const { what, environments } = PARTS[part];
  const table = new Table({
    head: ["n", "call", ...FAULTS],
    colAligns: ["right", "left", ...FAULTS.map(() => "center" as const)],
    style: { head: [], border: [], compact: true },
  });
  const signs = new Map(outcomes.map((outcome) => [nameOf(outcome.cell), hasPassed(outcome) ? "✓" : "✗"]));
  for (const spot of spots)
    table.push([
      spot.n,
      spot.name,
      ...FAULTS.map((fault) => signs.get(nameOf({ part, spot, fault })) ?? "·"),
    ]);
  const head = `${part}: ${what}, with ${environments.length} compute environment${environments.length > 1 ? "s" : ""}`;
  return `${head}\n${table.toString()}\n${countText(part, outcomes)}`;
}

/** Each failed cell with its reasons, and the command that tries it alone. */
export function failuresText(outcomes: Outcome[]): string {
  return outcomes
    .filter((outcome) => !hasPassed(outcome))
    .map((outcome) => {
      const reasons = outcome.reasons.map((reason) => `  - ${reason.replaceAll("\n", "\n    ")}`);
      const again = `  again: npm run test:faults -- --cell ${JSON.stringify(nameOf(outcome.cell))}`;
      return [`FAILED ${nameOf(outcome.cell)}`, ...reasons, again].join("\n");
    })
    .join("\n");
}

/** `rotation: passed 287 of 287 tried`. */
export function countText(what: string, outcomes: Outcome[]): string {
  return `${what}: passed ${outcomes.filter(hasPassed).length} of ${outcomes.length} tried`;
}

/** What the watch over the held key has seen in all cells. */
export function proberText(outcomes: Outcome[]): string {
  const sum = (of: keyof Outcome["prober"]) => outcomes.reduce((all, { prober }) => all + prober[of], 0);
  return `prober: calls made ${sum("calls")}, refused ${sum("refused")}, without an answer ${sum("unanswered")}`;
}
