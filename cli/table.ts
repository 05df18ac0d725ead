/** Tables for people. */
import Table from "cli-table3";

/** Rows stand close: a line between any two would double a long table. */
const CLOSE = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/**
 * A table whose last column wraps.
 * @param width of the last column, in characters
 */
export function closeTable(head: string[], width: number, rows: string[][]): string {
  const colWidths = head.map((_, at) => (at === head.length - 1 ? width : null));
  // Colours of its own would not ask whether this is a terminal.
  const style = { head: [], border: [] };
  const table = new Table({ head, colWidths, wordWrap: true, style, chars: CLOSE });
  // What has no blank in it would be cut.
  const longest = new RegExp(`\\S{${width - 2}}(?=\\S)`, "g");
  table.push(...rows.map((cells) => cells.map((cell) => cell.replace(longest, "$&\n"))));
  return table.toString();
}
