/** The items a stack has in 1Password, and the settings that name them. `secrets/index.ts` reads them. */
import type { FieldSetting, ItemSetting } from "../../../secrets/index.ts";

/** An item of the stack, as its settings name it. */
export interface ItemKind {
  setting: ItemSetting;
  flag: string;
  what: string;
}

/** Those that a deployment reads. */
export const KINDS: ItemKind[] = [
  { setting: "awsItem", flag: "--aws-item", what: "the infrastructure's AWS access key" },
  { setting: "seqeraItem", flag: "--seqera-item", what: "the Seqera Platform token" },
  { setting: "githubItem", flag: "--github-item", what: "the GitHub token" },
];

/** Settings of fields, and what is in them; those that end in `s` are lists, of which the first that is there counts. */
export const FIELDS: Record<FieldSetting, string> = {
  awsAccessKeyIdField: "the access key id",
  awsSecretAccessKeyField: "the secret access key",
  awsSessionTokenField: "the session token, which temporary credentials alone have",
  seqeraTokenFields: "the token",
  seqeraWorkspaceIdField: "the workspace's numeric id",
  githubTokenFields: "the token",
};

/** The one field that an item may be without. */
export const OPTIONAL: FieldSetting = "awsSessionTokenField";

/** Names of all settings of fields, for the flag that sets them. */
export const FIELD_SETTINGS = Object.keys(FIELDS) as FieldSetting[];
