/** What a check-up has found, for people and for programs. */
import { styleText } from "node:util";
import { closeTable } from "../table.ts";
import type { Checkup, Finding } from "./row.ts";

/** One row, as `--json` prints it; nothing in it is secret. */
export interface ReportedRow {
  group: string;
  name: string;
  state: Finding<unknown>["state"];
  found: string;
  /** Where it fails: a command, or what a person does. */
  mend?: string;
}

/** The document of `--json`. */
export interface DoctorReport {
  /** Whether nothing fails. */
  good: boolean;
  /** Whether all that fails is credentials that a person has to unlock. */
  locked: boolean;
  passed: number;
  failed: number;
  notApplicable: number;
  rows: ReportedRow[];
}

/** Waits for all checks. */
export async function reportOf({ rows }: Checkup): Promise<DoctorReport> {
  const all = rows.map(async ({ group, name, finding }) => {
    const settled = await finding;
    const { state, found } = settled;
    return { group, name, state, found, ...(settled.state === "fail" && { mend: settled.mend }) };
  });
  const reported = await Promise.all(all);
  const count = (state: ReportedRow["state"]) => reported.filter((row) => row.state === state).length;
  const [passed, failed, notApplicable] = [count("pass"), count("fail"), count("not applicable")];
  const failures = (await Promise.all(rows.map(({ finding }) => finding))).filter(
    (finding) => finding.state === "fail",
  );
  const locked = failed > 0 && failures.every((finding) => finding.locked);
  return { good: failed === 0, locked, passed, failed, notApplicable, rows: inGroups(reported) };
}

/** Rows are added as it suits the checks; shown, a group is together. */
function inGroups(rows: ReportedRow[]): ReportedRow[] {
  return [...Map.groupBy(rows, ({ group }) => group).values()].flat();
}

const SHORT = { pass: "pass", fail: "FAIL", "not applicable": "n/a" };
const STYLE = { pass: "green", fail: "red", "not applicable": "dim" } as const;

/** A table by groups. */
export function doctorTable({ rows }: DoctorReport): string {
  const paint = (state: ReportedRow["state"]) =>
    styleText(STYLE[state], SHORT[state], { stream: process.stdout });
  const cells = rows.map(({ group, name, state, found }, at) => [
    ...[rows[at - 1]?.group === group ? "" : group, name, paint(state), found],
  ]);
  return closeTable(["", "precondition", "", "found"], 82, cells);
}

/** What fails, with the commands that mend it: in lines of their own, to be copied whole. */
export function remedies({ rows }: DoctorReport): string {
  return rows
    .filter(({ state }) => state === "fail")
    .map(({ name, found, mend = "" }) => `${name}\n  found: ${aligned(found)}\n  mend:  ${aligned(mend)}`)
    .join("\n");
}

function aligned(text: string): string {
  return text.replaceAll("\n", "\n         ");
}

/** The last line. */
export function doctorCount({ passed, failed, notApplicable }: DoctorReport): string {
  return `${passed} passed, ${failed} failed, ${notApplicable} not applicable`;
}
