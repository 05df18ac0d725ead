/** A stack's status for people and for programs. */
import { styleText } from "node:util";
import { closeTable } from "../table.ts";
import type { Part, Wrong } from "./part.ts";

/** The document of `--json`; nothing in it is secret. */
export interface StatusReport {
  stack: string;
  /** Whether all agrees. */
  good: boolean;
  /** What was seen, by the parts' names. */
  parts: Record<string, unknown>;
  /** What does not agree. */
  wrong: Wrong[];
}

export function statusReport(stack: string, parts: Part[]): StatusReport {
  const wrong = parts.flatMap((part) => part.wrong);
  return {
    stack,
    good: wrong.length === 0,
    parts: Object.fromEntries(parts.map(({ name, data }) => [name, data])),
    wrong,
  };
}

/** One screen. */
export function statusText(stack: string, parts: Part[]): string {
  const { good, wrong } = statusReport(stack, parts);
  const rows = parts.flatMap(({ name, lines, wrong: inPart }) =>
    lines.map(([what, how], at) => [
      at === 0 ? name : "",
      at === 0 ? mark(inPart.length === 0) : "",
      what,
      how,
    ]),
  );
  const table = closeTable(["", "", `stack ${stack}`, ""], 62, rows);
  const words = wrong.map(({ found, mend }) => `${found}\n  mend: ${mend}`);
  return [table, ...words, good ? "All agrees." : `${wrong.length} disagreements`].join("\n");
}

function mark(good: boolean): string {
  return styleText(good ? "green" : "red", good ? "ok" : "!!", { stream: process.stdout });
}
