/** What the imitated GitHub remembers of one organization's Actions settings. */

/** Which repositories see a variable or a secret. */
export type Visibility = "all" | "private" | "selected";

/** What variables and secrets have in common. Times are ISO 8601 in whole seconds, as GitHub's. */
export interface Entry {
  name: string;
  value: string;
  visibility: Visibility;
  /** For visibility `selected`. */
  repositoryIds: number[];
  createdAt: string;
  updatedAt: string;
}

/** The whole state; plain JSON. A secret's `value` is in clear: the service opens the sealed box it is sent. */
export interface GithubState {
  variables: Entry[];
  secrets: Entry[];
  /** The organization's key pair for sealed boxes, base64. */
  keys: { keyId: string; publicKey: string; privateKey: string };
}

/** Now, in GitHub's resolution. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

/** Names are stored in capitals and found whatever their case. */
export function find(entries: Entry[], name: string): Entry | undefined {
  return entries.find((entry) => entry.name === name.toUpperCase());
}
