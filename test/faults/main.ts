/** `npm run test:faults`: every fault at every call of a deployment. Exit codes: 0, 1 when a cell failed, 2 for wrong arguments. */
import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import type { Cell, Outcome } from "./cell.ts";
import { type PartName, PARTS } from "./part.ts";
import { cellsOf, findCell, nameOf, parseCell, sample, WrongCell } from "./plan.ts";
import { makePool, type Pool } from "./pool.ts";
import { countText, failuresText, hasPassed, matrixText, type PartReport, proberText } from "./report.ts";

interface Options {
  part: PartName[];
  cell: string[];
  sample?: number;
  seed: string;
  workers: number;
  json: boolean;
}

const collect = (value: string, before: string[]) => [...before, value];
const wholeNumber = (value: string) => {
  if (!/^[1-9]\d*$/.test(value))
    throw new WrongCell(`A whole number from 1 upwards is wanted, not ${value}.`);
  return Number(value);
};

const command = new Command("test:faults")
  .description("Tries every fault at every outgoing call of a deployment, on the sandbox")
  .addOption(
    new Option("--part <NAME...>", "only these parts")
      .choices(Object.keys(PARTS))
      .default(Object.keys(PARTS)),
  )
  .option("--cell <PART:CALL:FAULT>", "only this cell, with all that is said; may be repeated", collect, [])
  .option("--sample <N>", "only so many cells, drawn by the seed", wholeNumber)
  .option("--seed <TEXT>", "of the sample", "1")
  .option("--workers <N>", "worlds side by side", wholeNumber, availableParallelism() + 1)
  .option("--json", "print one JSON document on standard output", false)
  .showHelpAfterError("(--help says more)")
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Records what is needed, tries it, and reports. */
async function matrix(pool: Pool, options: Options): Promise<PartReport[]> {
  const named = options.cell.map(parseCell);
  const parts = named.length > 0 ? [...new Set(named.map(({ part }) => part))] : options.part;
  const reports: PartReport[] = [];
  for (const part of parts) reports.push({ part, spots: await pool.record(part), outcomes: [] });
  const spotsOf = (part: PartName) => reports.find((report) => report.part === part)?.spots ?? [];
  const all =
    named.length > 0
      ? named.map((each) => findCell(each, spotsOf(each.part)))
      : reports.flatMap(({ part, spots }) => cellsOf(part, spots));
  const cells: Cell[] = options.sample === undefined ? all : sample(all, options.sample, options.seed);

  const begun = Date.now();
  say(
    `${cells.length} of ${all.length} cells, ${options.workers} workers${options.sample === undefined ? "" : `, seed ${options.seed}`}`,
  );
  let tried = 0;
  await pool.tryAll(cells, (outcome) => {
    reports.find(({ part }) => part === outcome.cell.part)?.outcomes.push(outcome);
    const sign = hasPassed(outcome) ? "passed" : "FAILED";
    const { hitAt, cell } = outcome;
    const at = hitAt === undefined || hitAt === cell.spot.occurrence ? "" : ` (at #${hitAt})`;
    const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
    say(
      `${++tried}/${cells.length} ${minutes} min  ${sign} ${nameOf(cell)}${at}  ${outcome.first}, ${outcome.seconds.toFixed(1)} s`,
    );
    if (named.length > 0)
      outcome.texts.forEach((text, at) => say(`--- deployment ${at + 1}\n${text.trimEnd()}`));
  });
  return reports;
}

function print(reports: PartReport[], { json }: Options): void {
  const outcomes: Outcome[] = reports.flatMap((report) => report.outcomes);
  if (json) return void process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  const failures = failuresText(outcomes);
  for (const text of [
    ...reports.map(matrixText),
    ...(failures === "" ? [] : [failures]),
    proberText(outcomes),
    countText("whole", outcomes),
  ])
    process.stdout.write(`${text}\n\n`);
}

const options = command.parse().opts<Options>();
const pool = makePool(options.cell.length > 0 ? 1 : options.workers);
try {
  const reports = await matrix(pool, options);
  print(reports, options);
  if (!reports.every(({ outcomes }) => outcomes.every(hasPassed))) process.exitCode = 1;
} catch (error) {
  say((error as Error).message);
  process.exitCode = error instanceof WrongCell ? 2 : 1;
} finally {
  await pool.close();
}
