/** `tw credentials add aws`, `update aws` and `delete`. */
import type { Values } from "../parser/values.ts";
import type { Result, Session } from "../session.ts";
import { awsKeys } from "./aws-keys.ts";
import { credentialsNamed, describeCredentials, fetchCredentials } from "./find.ts";

/** `checked=false`: the Platform deletes them also while jobs use them. */
const UNCHECKED = { checked: false };

/** Adds credentials; that the name is free is not checked. */
export async function addAws({ api, workspaces }: Session, values: Values): Promise<Result> {
  const name = values.required("name");
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const { keys, useExternalId } = awsKeys(values);
  if (values.flag("overwrite")) {
    const existing = await credentialsNamed(api, workspaceId, name);
    if (existing !== undefined)
      await api.delete(`/credentials/${existing.id}`, { workspaceId, ...UNCHECKED });
  }
  const body = { credentials: { name, provider: "aws", keys } };
  const query = { workspaceId, useExternalId };
  const { credentialsId: id } = await api.post<{ credentialsId: string }>("/credentials", query, body);
  const externalId = useExternalId
    ? (await describeCredentials(api, workspaceId, id)).keys?.externalId
    : undefined;
  const workspaceRef = await workspaces.label(workspaceId);
  const shown = externalId === undefined ? "" : `\n  External ID: ${externalId}\n`;
  return {
    json: { id, provider: "AWS", name, workspaceRef, externalId },
    text: `\n  New AWS credentials '${name} (${id})' added at ${workspaceRef} workspace\n${shown}\n`,
  };
}

/** Replaces the keys in place: the id stays, so compute environments keep using them. */
export async function updateAws({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const { id, name } = await fetchCredentials(api, workspaceId, values);
  const { keys, useExternalId } = awsKeys(values);
  const body = { credentials: { id, name, provider: "aws", keys } };
  await api.put(`/credentials/${id}`, { workspaceId, useExternalId }, body);
  const workspaceRef = await workspaces.label(workspaceId);
  return {
    json: { provider: "AWS", name, workspaceRef },
    text: `\n  AWS credentials '${name}' updated at ${workspaceRef} workspace\n\n`,
  };
}

/** Deletes by id without looking, by name after the list. */
export async function deleteCredentials({ api, workspaces }: Session, values: Values): Promise<Result> {
  const workspaceId = await workspaces.idOf(values.text("workspace"));
  const id = values.text("id") ?? (await fetchCredentials(api, workspaceId, values)).id;
  await api.delete(`/credentials/${id}`, { workspaceId, ...UNCHECKED });
  const workspaceRef = await workspaces.label(workspaceId);
  return {
    json: { id, workspaceRef },
    text: `\n  Credentials '${id}' deleted at ${workspaceRef} workspace\n\n`,
  };
}
