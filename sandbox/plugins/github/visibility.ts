/** Which repositories see an organization's variable or secret, and the times both tell. */
import { z } from "zod";
import type { Property } from "../kit/resource.ts";
import type { Props } from "../kit/values.ts";
import type { Github } from "./api.ts";

/** The `visibility` argument. */
export const visibilityProperty: Property = { required: true, oneOf: ["all", "private", "selected"] };

/** Refuses a choice of repositories where none is asked for. */
export function repositoriesWithoutSelection(inputs: Props): Record<string, string> {
  if (inputs.selectedRepositoryIds === undefined || inputs.visibility === "selected") return {};
  return {
    selectedRepositoryIds: "cannot use selected_repository_ids without visibility being set to selected",
  };
}

/** The part of a request's body that names repositories. */
export function selectionBody(inputs: Props): Props {
  return inputs.visibility === "selected"
    ? { selected_repository_ids: inputs.selectedRepositoryIds ?? [] }
    : {};
}

const listSchema = z.object({ repositories: z.array(z.object({ id: z.number() })) });

/** @returns the ids of the repositories chosen, undefined unless the visibility is `selected` */
export async function selectedRepositories(github: Github, path: string, visibility: string) {
  if (visibility !== "selected") return undefined;
  const answer = await github.call("get", `${path}/repositories?per_page=100`);
  return listSchema.parse(answer).repositories.map(({ id }) => id);
}

/** @returns a time as the real provider records it, in Go's default form, for instance `2025-01-31 12:00:00 +0000 UTC` */
export function goTime(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
}
