/** Recovery's findings for people. */
import Table from "cli-table3";
import type { Item } from "./decide.ts";
import type { RecoverReport } from "./recover.ts";

/** A line for each item, wrapped to fit. */
export function itemsTable(items: Item[]): string {
  // Colours of its own would not ask whether this is a terminal.
  const table = new Table({
    ...{ head: ["where", "found", "what is done", "by"], style: { head: [], border: [] } },
    ...{ colWidths: [17, 46, 46, 11], wordWrap: true },
  });
  table.push(...items.map(({ where, found, then, by }) => [where, found, then, by]));
  return table.toString();
}

/** The last words: how the stack is now, and what to do next. */
export function conclusion({ stack, end, unlocked, left }: RecoverReport): string {
  const how = end === "mended" ? "is recovered" : "needs no recovery";
  const lines = [
    `Stack ${stack} ${how}: ${unlocked ? "no lock, " : ""}no pending operation, no access key that nobody works with.`,
  ];
  if (!unlocked) lines.push("Whether it is locked cannot be seen from here; pulumi up says so.");
  if (end === "mended" || left.some(({ by }) => by === "pulumi up")) lines.push("Next: pulumi up");
  return lines.join("\n");
}
