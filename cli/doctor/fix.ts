/** Does what failed checks say is safe, one after the other: what several of them install may be the same. */
import { execa, ExecaError } from "execa";
import { type Checkup, type Fix } from "./row.ts";

/** An installation that is not done by then hangs. */
const PATIENCE_MILLISECONDS = 300_000;
/** What a tool says last names the cause; before it stands what went well. */
const LAST_LINES = 5;

/** @param tell gets a line for each thing that is done, and for what a tool that fails says of it */
export async function fixAll({ rows }: Checkup, tell: (text: string) => void): Promise<number> {
  const fixes: Fix[] = [];
  for (const { finding } of rows) {
    const found = await finding;
    if (found.state === "fail" && found.fix) fixes.push(found.fix);
  }
  for (const { does, work } of fixes) {
    tell(`  ${does} …`);
    await work().catch((error: Error) => tell(`  that failed: ${error.message.replaceAll("\n", "\n    ")}`));
  }
  return fixes.length;
}

/**
 * Runs a tool for a fix.
 * @throws Error with how it ended, and the last it said
 */
export async function runFor(
  file: string,
  args: string[],
  milliseconds = PATIENCE_MILLISECONDS,
): Promise<void> {
  try {
    await execa(file, args, { all: true, stdin: "ignore", timeout: milliseconds });
  } catch (reason) {
    if (!(reason instanceof ExecaError)) throw reason;
    const said = String(reason.all ?? "")
      .trimEnd()
      .split("\n")
      .slice(-LAST_LINES);
    throw new Error([reason.shortMessage, ...said.filter((line) => line.trim() !== "")].join("\n"), {
      cause: reason,
    });
  }
}
