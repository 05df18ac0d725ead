/** From the options of `megatests doctor` to its last line. */
import { Fault } from "../../fault.ts";
import { EXIT } from "../exit.ts";
import { makeProgress } from "../progress.ts";
import { spinning } from "../spinner.ts";
import { fixAll } from "./fix.ts";
import { doctorCount, type DoctorReport, doctorTable, remedies, reportOf } from "./report.ts";
import { deploymentRights } from "./rights.ts";
import { beginCheckup } from "./rows.ts";
import type { Checkup } from "./row.ts";
import { type Surroundings, surroundingsHere } from "./surroundings.ts";

/** What was typed. */
export interface DoctorOptions {
  stack?: string;
  fix: boolean;
  json: boolean;
}

/** @throws Fault where a precondition is not met */
export async function run(
  { stack, fix, json }: DoctorOptions,
  around = surroundingsHere(stack),
): Promise<void> {
  const report = await reportOf(await checked(around, fix)).finally(() => around.awsContext.clear());
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

/** Looks, and once more where something was mended. */
async function checked(around: Surroundings, fix: boolean): Promise<Checkup> {
  const look = async () => {
    const checkup = beginCheckup(around, deploymentRights);
    await watched(checkup);
    return checkup;
  };
  const checkup = await look();
  return fix && (await fixAll(checkup, makeProgress().line)) > 0 ? look() : checkup;
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
