import type * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import type { ItemsArgs } from "./index.ts";
import { readField } from "./item.ts";
import { Missing, openVault } from "./onepassword.ts";

/** A setting that names a field of an item. */
export type FieldSetting = Extract<keyof ItemsArgs, `${string}Field` | `${string}Fields`>;
/** A setting that names an item. */
export type ItemSetting = Extract<keyof ItemsArgs, `${string}Item`>;

/** Which item each field is in. */
export const itemOf: Record<FieldSetting, ItemSetting> = {
  awsAccessKeyIdField: "awsItem",
  awsSecretAccessKeyField: "awsItem",
  awsSessionTokenField: "awsItem",
  seqeraTokenFields: "seqeraItem",
  seqeraWorkspaceIdField: "seqeraItem",
  githubTokenFields: "githubItem",
};

/**
 * Reads fields, each item from 1Password once. What it gives is in clear.
 * @throws Missing, from the reading, naming vault, item and field of whatever is missing
 */
export function fieldReader(
  args: ItemsArgs,
  provider: onepassword.Provider,
): (name: FieldSetting) => Promise<string> {
  const project = pulumi.getProject();
  const vault = openVault(args.onepasswordVault, `${project}:onepasswordVault`, provider);
  return async (name) => {
    const item = itemOf[name];
    const labels = [args[name]].flat();
    const path = Array.isArray(args[name]) ? `--path '${project}:${name}[0]'` : `${project}:${name}`;
    const found = await vault.item({ title: args[item], labels, setting: `${project}:${item}` });
    try {
      const mend = `pulumi config set ${path}`;
      return readField(found, { vault: vault.name, item: args[item], labels, mend });
    } catch (reason) {
      throw new Missing("field", (reason as Error).message);
    }
  };
}
