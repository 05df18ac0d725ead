import * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import type { Item } from "./item.ts";

/** Something in 1Password that is not there, or that the token may not read. */
export class Missing extends pulumi.RunError {
  /** `vault` also where 1Password refuses the token, or does not answer. */
  readonly what: "vault" | "item" | "field";
  constructor(what: "vault" | "item" | "field", text: string) {
    super(text);
    this.what = what;
  }
}

/** What is asked of a vault, and for the sake of which fields: an error names all of it. */
export interface ItemAddress {
  /** The item's title. */
  title: string;
  labels: string[];
  /** The setting that holds the title, e.g. `AWSMegatests:awsItem`. */
  setting: string;
}

/** Reads items of one vault, each from 1Password at most once: a token is allowed 1,000 reads an hour. */
export interface Vault {
  name: string;
  /** @throws pulumi.RunError when there is no such vault or item; a missing one is not asked for again */
  item(address: ItemAddress): Promise<Item>;
}

/**
 * A vault, found by its name when the first item is asked for.
 * @param setting the setting that holds the name, e.g. `AWSMegatests:onepasswordVault`
 */
export function openVault(name: string, setting: string, provider: onepassword.Provider): Vault {
  let opened: Promise<onepassword.GetVaultResult> | undefined;
  const items = new Map<string, Promise<Item>>();
  const read = async (address: ItemAddress): Promise<Item> => {
    opened ??= onepassword.getVault({ name }, { provider });
    const { uuid } = await opened.catch((reason: unknown) =>
      refuse(
        "vault",
        "There is no such vault, or the token may not read it.",
        name,
        address,
        reason,
        `${setting} NAME`,
      ),
    );
    return onepassword
      .getItem({ vault: uuid, title: address.title }, { provider })
      .catch((reason: unknown) =>
        refuse(
          "item",
          "The vault has no such item, or the token may not read it.",
          name,
          address,
          reason,
          `${address.setting} TITLE`,
        ),
      );
  };
  return {
    name,
    item(address) {
      const known = items.get(address.title) ?? read(address);
      items.set(address.title, known);
      return known;
    },
  };
}

function refuse(
  missing: Missing["what"],
  what: string,
  vault: string,
  { title, labels }: ItemAddress,
  reason: unknown,
  set: string,
): never {
  throw new Missing(
    missing,
    [
      what,
      `  vault:    ${vault}`,
      `  item:     ${title}`,
      `  tried:    ${labels.map((label) => JSON.stringify(label)).join(", ")}`,
      `  answered: ${reason instanceof Error ? reason.message.split("\n")[0] : String(reason)}`,
      `  mend:     let the token's account read it in 1Password, or: pulumi config set ${set}`,
    ].join("\n"),
  );
}
