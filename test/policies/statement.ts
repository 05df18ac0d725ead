import type { Grant } from "../../towerforge/policies/index.ts";

/** A row of a table. */
export const row = (...cells: string[]) => `| ${cells.join(" | ")} |`;

/**
 * A statement for readers.
 * @param mark stands behind the statement's name. @default nothing
 */
export function statement(
  { sid, actions, resources, conditions, source, narrower }: Grant,
  mark?: string,
): string {
  const bound = resources.map((resource) => `\`${resource}\``).join(", ");
  const under = Object.entries(conditions ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(
      ([key, values]) =>
        `\`${operator}\` \`${key}\`: ${[values]
          .flat()
          .map((value) => `\`${value}\``)
          .join(", ")}`,
    ),
  );
  return [
    `### ${sid}${mark === undefined ? "" : ` ${mark}`}`,
    "",
    `- resources: ${bound}`,
    ...under.map((condition) => `- condition: ${condition}`),
    ...(narrower === undefined ? [] : [`- narrower than upstream: ${narrower}`]),
    `- source: <${source}>`,
    "",
    row("action", "why"),
    row("---", "---"),
    ...Object.entries(actions).map(([action, why]) => row(`\`${action}\``, why)),
  ].join("\n");
}
