import Table from "cli-table3";
import type { Figures } from "./figures.ts";
import type { Judged } from "./judge.ts";
import type { Necessity } from "./necessity.ts";

/** What some policies allow and deny. */
export interface Proof {
  /** Which policies, e.g. `the stack's`. */
  of: string;
  needs: Judged[];
  attacks: Judged[];
  necessity: Necessity[];
}

/** All that is shown. */
export interface Report {
  figures: Figures[];
  proofs: Proof[];
  /** What was left out, and why. */
  leftOut: string[];
}

/** Whether every need is met, every part needed, and every attack denied. */
export function isProven({ proofs }: Report): boolean {
  return proofs.every((proof) => exceptions(proof).length === 0);
}

/** The report for people. */
export function reportText({ figures, proofs, leftOut }: Report): string {
  return [
    figuresTable(figures),
    ...proofs.flatMap((proof) => ["", ...proofLines(proof)]),
    ...leftOut.map((line) => `\nleft out: ${line}`),
  ].join("\n");
}

function proofLines(proof: Proof): string[] {
  const { of, needs, attacks, necessity } = proof;
  return [
    `${of}:`,
    groupsTable(needs, attacks),
    `calls allowed    ${count(needs, ({ allowed }) => allowed)}`,
    `parts necessary  ${count(necessity, ({ neededBy }) => neededBy !== undefined)}`,
    `attacks denied   ${count(attacks, ({ allowed }) => !allowed)}`,
    ...exceptions(proof).map((line) => `  ${line}`),
  ];
}

function exceptions({ needs, attacks, necessity }: Proof): string[] {
  const denied = needs.filter(({ allowed }) => !allowed);
  const through = attacks.filter(({ allowed }) => allowed);
  const idle = necessity.filter(({ neededBy }) => neededBy === undefined);
  return [
    ...denied.map((row) => `needed, but denied: ${label(row)} (${row.refused.join(", ")})`),
    ...through.map((row) => `an attack, but allowed: ${label(row)}`),
    ...idle.map(({ part }) => `no call needs: ${part}`),
  ];
}

const COMPACT = { head: [], border: [] };
/** No line between rows. */
const NO_RULES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

function label({ group, what }: Judged): string {
  return `${group}: ${what}`;
}

function count<T>(all: T[], good: (each: T) => boolean): string {
  return `${all.filter(good).length} of ${all.length}`;
}

function figuresTable(figures: Figures[]): string {
  const table = new Table({
    head: ["policy", "characters", "statements", "actions", "bound to resources", "else to a condition"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: COMPACT,
    chars: NO_RULES,
  });
  for (const { policy, characters, statements, actions, bound, conditioned } of figures)
    table.push([
      policy,
      characters,
      statements,
      actions,
      share(bound, actions),
      share(conditioned, actions - bound),
    ]);
  return table.toString();
}

function share(part: number, whole: number): string {
  return whole === 0 ? "-" : `${part} (${Math.round((100 * part) / whole)} %)`;
}

function groupsTable(needs: Judged[], attacks: Judged[]): string {
  const table = new Table({
    head: ["table", "group", "rows", "as it should be"],
    style: COMPACT,
    chars: NO_RULES,
  });
  const add = (name: string, rows: Judged[], good: boolean) => {
    for (const group of new Set(rows.map((row) => row.group))) {
      const own = rows.filter((row) => row.group === group);
      table.push([name, group, own.length, own.filter(({ allowed }) => allowed === good).length]);
    }
  };
  add("needs", needs, true);
  add("attacks", attacks, false);
  return table.toString();
}
