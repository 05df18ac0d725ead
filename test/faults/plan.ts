/** Which cells are tried, and what they are called. */
import { createHash } from "node:crypto";
import type { Cell } from "./cell.ts";
import { type Fault, FAULTS } from "./fault.ts";
import { type PartName, PARTS } from "./part.ts";
import type { Spot } from "./spot.ts";

/** A wrong argument of the command line. */
export class WrongCell extends Error {}

/** `rotation:aws iam:CreateAccessKey#1:drop-after`: the same cell in every run. */
export function nameOf({ part, spot, fault }: Cell): string {
  return `${part}:${spot.name}:${fault}`;
}

/** Every fault at every spot. */
export function cellsOf(part: PartName, spots: Spot[]): Cell[] {
  return spots.flatMap((spot) => FAULTS.map((fault) => ({ part, spot, fault })));
}

/** So many of the cells, the same ones for the same seed, in their order. */
export function sample(cells: Cell[], count: number, seed: string): Cell[] {
  const lot = (cell: Cell) =>
    createHash("sha256")
      .update(`${seed} ${nameOf(cell)}`)
      .digest("hex");
  const drawn = new Set(cells.toSorted((a, b) => (lot(a) < lot(b) ? -1 : 1)).slice(0, count));
  return cells.filter((cell) => drawn.has(cell));
}

/** A cell that was named, before its call is known. */
export interface NamedCell {
  part: PartName;
  /** The spot's name or its number. */
  call: string;
  fault: Fault;
}

/**
 * Reads `PART:CALL:FAULT`.
 * @throws WrongCell when part or fault is not one of the matrix
 */
export function parseCell(text: string): NamedCell {
  const [, part = "", call = "", fault = ""] = /^([^:]*):(.*):([^:]*)$/.exec(text) ?? [];
  if (part in PARTS && (FAULTS as string[]).includes(fault))
    return { part: part as PartName, call, fault: fault as Fault };
  throw new WrongCell(
    [
      "There is no such cell.",
      `  got:     ${text}`,
      `  allowed: PART:CALL:FAULT, with ${Object.keys(PARTS).join(", ")} for PART, ${FAULTS.join(", ")} for FAULT, and for CALL a row's number or name`,
      `  mend:    npm run test:faults -- --cell "rotation:aws iam:CreateAccessKey#1:drop-after"`,
    ].join("\n"),
  );
}

/** @throws WrongCell when the recorded run has no such call */
export function findCell({ part, call, fault }: NamedCell, spots: Spot[]): Cell {
  const spot = spots.find(({ name, n }) => name === call || String(n) === call);
  if (spot) return { part, spot, fault };
  throw new WrongCell(
    [
      `The part ${part} makes no such call.`,
      `  got:     ${call}`,
      `  allowed: ${spots.map(({ n, name }) => `${n} or ${name}`).join("; ")}`,
    ].join("\n"),
  );
}
