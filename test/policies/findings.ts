import { type Answer, ANSWERS } from "./answers.ts";
import { row } from "./statement.ts";

/** What the linters find in some policies, with the answers. */
export function findings(of: (answer: Answer) => boolean): string {
  return [
    "## What linters find",
    "",
    "parliament (with its community auditors) and cloudsplaining look at every policy in the tests. Their findings, and the answers:",
    "",
    row("linter", "finding", "in", "answer"),
    row("---", "---", "---", "---"),
    ...ANSWERS.filter(of).map(({ linter, finding, policies, answer }) =>
      row(linter, finding, policies.join(", "), answer),
    ),
  ].join("\n");
}
