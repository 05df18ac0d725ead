/** From the options of `megatests doctor` to its last line. */
import { Fault } from "../../seqerakit/index.ts";
import { EXIT } from "../exit.ts";
import { makeProgress } from "../progress.ts";
import { spinning } from "../spinner.ts";
import { fixAll } from "./fix.ts";
import { doctorCount, type DoctorReport, doctorTable, remedies, reportOf } from "./report.ts";
import { deploymentRights } from "./rights.ts";
import { beginCheckup } from "./rows.ts";
import type { Checkup } from "./row.ts";
import { surroundingsHere } from "./surroundings.ts";

/** What was typed. */
export interface DoctorOptions {
  stack?: string;
  fix: boolean;
  json: boolean;
}

/** @throws Fault where a precondition is not met */
export async function run({ stack, fix, json }: DoctorOptions): Promise<void> {
  const begin = () => beginCheckup(surroundingsHere(stack), deploymentRights);
  let checkup = begin();
  await watched(checkup);
  if (fix && (await fixAll(checkup, makeProgress().line)) > 0) {
    checkup = begin();
    await watched(checkup);
  }
  const report = await reportOf(checkup);
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : `${textOf(report)}\n`);
  if (report.good) return;
  const failed = report.rows.filter(({ state }) => state === "fail").map(({ name }) => name);
  const fault = new Fault("Not everything is there that a deployment needs.", {
    got: failed.join(", "),
    allowed: "no row that fails",
    mend: "the commands of these rows, from the top; then: npm run --silent megatests -- doctor",
  });
  throw report.locked ? Object.assign(fault, { exitCode: EXIT.locked }) : fault;
}

function textOf(report: DoctorReport): string {
  return [doctorTable(report), remedies(report), doctorCount(report)].filter(Boolean).join("\n");
}

async function watched({ rows }: Checkup): Promise<void> {
  let done = 0;
  const all = rows.map(({ finding }) => finding.then(() => done++));
  await spinning(
    () => `${done} of ${rows.length} preconditions checked`,
    () => Promise.all(all),
  );
}
