/** From the options of `megatests recover` to its last line. */
import { Fault } from "../../fault.ts";
import { shellWord } from "../../secrets/sources/index.ts";
import { isAttended } from "../credentials/attended.ts";
import { findPlace } from "../stack/place.ts";
import { askAtTerminal } from "./ask.ts";
import type { Item } from "./decide.ts";
import { recover } from "./recover.ts";
import { conclusion, itemsTable } from "./report.ts";

/** What was typed. */
export interface RunOptions {
  stack?: string;
  yes: boolean;
  nobodyDeploys: boolean;
  json: boolean;
}

/** @throws Fault where the stack is not recovered, or something is left for a person */
export async function run({ stack, json, ...options }: RunOptions): Promise<void> {
  // With --json, standard output is the document's.
  const print = (text: string) => void (json ? process.stderr : process.stdout).write(`${text}\n`);
  const show = (items: Item[]) => print(itemsTable(items));
  const ask = isAttended() ? askAtTerminal : undefined;
  const report = await recover(await findPlace(stack), { ...options, ask, show });
  const { end, left } = report;
  if (end !== "declined" && left.length > 0) show(left);
  if (json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  if (end === "declined")
    throw new Fault(`Stack ${report.stack} is not recovered: nothing is changed.`, {
      ...{ got: "a no", allowed: "a yes to what is listed above, at a terminal or by --yes" },
      mend: `npm run --silent megatests -- recover --stack ${shellWord(report.stack)}`,
    });
  print(conclusion(report));
  const yours = left.filter(({ by }) => by === "you");
  if (yours.length > 0)
    throw new Fault(`What only you can mend is left on stack ${report.stack}.`, {
      got: yours.map(({ found }) => found).join("; "),
      mend: yours.map(({ then }) => then).join("; "),
    });
}
