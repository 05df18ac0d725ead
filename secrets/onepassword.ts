import * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import type { Item } from "./item.ts";

/** Reads items of one vault, each from 1Password at most once: a token is allowed 1,000 reads an hour. */
export interface Vault {
  name: string;
  item(title: string): Promise<Item>;
}

/**
 * Opens a vault by its name.
 * @throws pulumi.RunError when there is no such vault, or later no such item, naming both; a missing one is not asked for again
 */
export async function openVault(name: string, provider: onepassword.Provider): Promise<Vault> {
  const { uuid } = await onepassword
    .getVault({ name }, { provider })
    .catch((reason) =>
      refuse("There is no such vault, or the token may not read it.", name, undefined, reason),
    );
  const items = new Map<string, Promise<Item>>();
  const read = (title: string) =>
    onepassword
      .getItem({ vault: uuid, title }, { provider })
      .catch((reason) =>
        refuse("The vault has no such item, or the token may not read it.", name, title, reason),
      );
  return {
    name,
    item(title) {
      const known = items.get(title) ?? read(title);
      items.set(title, known);
      return known;
    },
  };
}

function refuse(what: string, vault: string, title: string | undefined, reason: unknown): never {
  throw new pulumi.RunError(
    [
      what,
      `  vault:    ${vault}`,
      ...(title === undefined ? [] : [`  item:     ${title}`]),
      `  answered: ${reason instanceof Error ? reason.message.split("\n")[0] : String(reason)}`,
      `  mend:     pulumi config set AWSMegatests:${title === undefined ? "onepasswordVault NAME" : "awsItem, seqeraItem or githubItem TITLE"},`,
      `            or let the token's account read it in 1Password`,
    ].join("\n"),
  );
}
