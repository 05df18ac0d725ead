/** How `tw` prints: Jackson's JSON layout, its plain tables and its dates. */

/** JSON as Jackson's default pretty printer lays it out, without null properties. */
export function prettyJson(value: unknown, indent = ""): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "[ ]" : `[ ${value.map((one) => prettyJson(one, indent)).join(", ")} ]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const inner = `${indent}  `;
  const lines = Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined)
    .map(([key, one]) => `${inner}${JSON.stringify(key)} : ${prettyJson(one, inner)}`);
  return lines.length === 0 ? "{ }" : `{\n${lines.join(",\n")}\n${indent}}`;
}

/**
 * A table, indented by four blanks. With headings its rows are sorted by the first column, as all lists of `tw` are.
 * @param headings none for the two-column tables of details
 */
export function table(rows: readonly (readonly string[])[], headings: readonly string[] = []): string {
  const sorted =
    headings.length === 0 ? rows : rows.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
  const all = headings.length === 0 ? rows : [headings, ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `    ${cells.map((cell, column) => ` ${cell.padEnd(widths[column] ?? 0)} `).join("|")}`.trimEnd();
  const ruler = `    ${widths.map((width) => "-".repeat(width + 2)).join("+")}`;
  return [...(headings.length === 0 ? [] : [line(headings)]), ruler, ...sorted.map(line)].join("\n");
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A date as Java's RFC 1123 format prints it (no leading zero in the day), `never` for none. */
export function time(iso: string | null | undefined): string {
  if (iso === null || iso === undefined) return "never";
  const date = new Date(iso);
  const [, , month, year, clock] = date.toUTCString().split(" ");
  return `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${month} ${year} ${clock} GMT`;
}
