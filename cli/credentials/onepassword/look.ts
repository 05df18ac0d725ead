/** Looks into a vault with the provider that a deployment uses, before anything is written. */
import * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import { Fault } from "../../../fault.ts";
import { onePasswordProvider, type OnePasswordArgs } from "../../../providers.ts";
import { fieldsOf } from "../../../secrets/index.ts";
import { isTemporary } from "../../../secrets/sources/index.ts";
import type { StackPlace } from "../../stack/place.ts";
import { inThrowAwayStack } from "../../stack/throw-away.ts";

/** How 1Password is reached, in clear: in memory only. */
export type Connection = { serviceAccountToken: string } | { connectHost: string; connectToken: string };

/** An item's fields that have a value, by their labels; the values stay where they are read. */
export interface ItemFields {
  labels: string[];
  /** Those of them in which an access key of a session is. */
  temporaryKeys: string[];
}

/** 1Password, as far as the questions need it. */
export interface Look {
  /** @throws LookFailed when there is no such vault, or the token is refused */
  vault(name: string): Promise<void>;
  /** @throws LookFailed when there is no such item */
  fields(vault: string, title: string): Promise<ItemFields>;
}

/** 1Password says no, or does not answer: asked again at a terminal. */
export class LookFailed extends Fault {}

/**
 * Each look starts a provider of its own, in a stack that is thrown away: one that was given a wrong token cannot be
 * told another.
 */
export function openLook(place: StackPlace, connection: Connection): Look {
  const ask = async <T>(
    what: string,
    allowed: string,
    work: (provider: onepassword.Provider) => Promise<T>,
  ): Promise<T> => {
    try {
      return await inThrowAwayStack(place, () => work(onePasswordProvider(hidden(connection))));
    } catch (error) {
      const got = words(error as Error);
      if (NOT_STARTED.test(got)) throw notAsked(got);
      throw new LookFailed(what, {
        got,
        allowed,
        mend: "give another answer, or let the token's account read it in 1Password",
      });
    }
  };
  return {
    vault: async (name) => {
      const allowed = "a token of 1Password, and the name of a vault that it may read";
      await ask(`1Password does not show the vault ${name}.`, allowed, (provider) =>
        onepassword.getVault({ name }, { provider }),
      );
    },
    fields: (vault, title) =>
      ask(
        `1Password does not show the item ${title} of the vault ${vault}.`,
        "the title of an item in the vault, spelled as there",
        async (provider) => {
          const { uuid } = await onepassword.getVault({ name: vault }, { provider });
          return namesOf(await onepassword.getItem({ vault: uuid, title }, { provider }));
        },
      ),
  };
}

/** The engine's words where it is the provider that is missing: no other answer helps. */
const NOT_STARTED = /(resource|start.*|load.*|launch.*) plugin/i;

function notAsked(got: string): Fault {
  return new Fault("1Password cannot be asked: the engine does not start its provider.", {
    got,
    allowed: "the plugin that this version of the project works with",
    mend: "npm run --silent megatests -- doctor --fix",
  });
}

/** As the program hands the token on. */
function hidden(connection: Connection): OnePasswordArgs {
  if ("connectHost" in connection)
    return { ...connection, connectToken: pulumi.secret(connection.connectToken) };
  return { serviceAccountToken: pulumi.secret(connection.serviceAccountToken) };
}

/** Those that a deployment finds. */
export function namesOf(item: Parameters<typeof fieldsOf>[0]): ItemFields {
  const filled = [...fieldsOf(item)].sort();
  const temporary = filled.filter(([, value]) => isTemporary(value.trim()));
  return { labels: filled.map(([label]) => label), temporaryKeys: temporary.map(([label]) => label) };
}

/** The provider's words, on one line. */
function words({ message }: Error): string {
  return message.split("\n").filter(Boolean)[0] ?? "no words";
}
