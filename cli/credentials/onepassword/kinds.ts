/** The items a stack has in 1Password, and the settings that name them. `secrets/index.ts` reads them. */

/** An item of the stack, as its settings name it. */
export interface ItemKind {
  setting: "awsItem" | "seqeraItem" | "githubItem";
  flag: string;
  what: string;
  /** Settings of fields; those that end in `s` are lists, of which the first that is there counts. */
  fields: Record<string, string>;
}

/** Those that a deployment reads. */
export const KINDS: ItemKind[] = [
  {
    ...{ setting: "awsItem", flag: "--aws-item", what: "the infrastructure's AWS access key" },
    fields: { awsAccessKeyIdField: "the access key id", awsSecretAccessKeyField: "the secret access key" },
  },
  {
    ...{ setting: "seqeraItem", flag: "--seqera-item", what: "the Seqera Platform token" },
    fields: { seqeraTokenFields: "the token", seqeraWorkspaceIdField: "the workspace's numeric id" },
  },
  {
    ...{ setting: "githubItem", flag: "--github-item", what: "the GitHub token" },
    fields: { githubTokenFields: "the token" },
  },
];

/** Names of all settings of fields, for the flag that sets them. */
export const FIELD_SETTINGS = KINDS.flatMap(({ fields }) => Object.keys(fields));
