/** `tw workspaces list`. */
import { table } from "./output.ts";
import type { CommandSpec } from "./parser/spec.ts";
import type { Values } from "./parser/values.ts";
import type { Result, Session } from "./session.ts";

/** `tw workspaces` */
export const WORKSPACES: CommandSpec = {
  name: "workspaces",
  description: "Manage workspaces.",
  subcommands: [
    {
      name: "list",
      description: "List workspaces.",
      options: [
        {
          names: ["-o", "--organization"],
          label: "organization",
          description: "Only those of this organization, by its name or number.",
        },
      ],
      run: list,
    },
  ],
};

async function list({ workspaces }: Session, values: Values): Promise<Result> {
  const organization = values.text("organization");
  const { userName } = await workspaces.user();
  const found = (await workspaces.all()).filter(
    (one) =>
      one.workspaceId !== undefined &&
      one.workspaceId !== null &&
      (organization === undefined || one.orgName === organization || String(one.orgId) === organization),
  );
  const rows = found.map((one) => [
    String(one.workspaceId),
    one.workspaceName ?? "",
    one.orgName ?? "",
    String(one.orgId),
  ]);
  const headings = ["Workspace ID", "Workspace Name", "Organization Name", "Organization ID"];
  const body = rows.length === 0 ? "    No workspaces found" : `${table(rows, headings)}\n`;
  return {
    json: { userName, workspaces: found },
    text: `\n  Workspaces for ${userName} user:\n\n${body}\n`,
  };
}
