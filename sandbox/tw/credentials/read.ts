/** `tw credentials list` and `validate`. */
import { table, time } from "../output.ts";
import type { Values } from "../parser/values.ts";
import type { Result, Session } from "../session.ts";
import { type Validation, validationText } from "../validation.ts";
import { fetchCredentials, listCredentials } from "./find.ts";

/** Lists the workspace's credentials; their secrets are never part of it. */
export async function list({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const credentials = await listCredentials(api, workspaceId);
  const workspaceRef = await workspaces.linkedLabel(workspaceId);
  const rows = credentials.map((one) => [one.id, one.provider ?? "", one.name, time(one.lastUsed)]);
  const body =
    rows.length === 0
      ? "    No credentials found"
      : `${table(rows, ["ID", "Provider", "Name", "Last activity"])}\n`;
  return {
    json: { workspaceRef, credentials },
    text: `\n  Credentials at ${workspaceRef} workspace:\n\n${body}\n`,
  };
}

/** Lets the Platform probe the credentials at AWS. Exit code 1 only when it says INVALID. */
export async function validate({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const { id, name } = await fetchCredentials(api, workspaceId, values);
  const query = { workspaceId, force: values.flag("force") };
  const outcome = await api.post<Validation>(`/credentials/${id}/validate`, query);
  const workspaceRef = await workspaces.label(workspaceId);
  return {
    json: { id, name, workspaceRef, ...outcome, transientError: outcome.transientError === true },
    text: validationText(`Credentials '${id}'`, workspaceRef, outcome),
    exitCode: outcome.status === "INVALID" ? 1 : 0,
  };
}
