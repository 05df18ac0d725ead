/** Looks into a vault with the provider that a deployment uses, before anything is written. */
import * as onepassword from "@1password/pulumi-onepassword";
import * as pulumi from "@pulumi/pulumi";
import { Fault } from "../../../fault.ts";
import { onePasswordProvider, type OnePasswordArgs } from "../../../providers.ts";
import type { StackPlace } from "../../stack/place.ts";
import { inThrowAwayStack } from "../../stack/throw-away.ts";

/** How 1Password is reached, in clear: in memory only. */
export type Connection = { serviceAccountToken: string } | { connectHost: string; connectToken: string };

/** 1Password, as far as the questions need it. */
export interface Look {
  /** @throws LookFailed when there is no such vault, or the token is refused */
  vault(name: string): Promise<void>;
  /** Labels of the item's fields that have a value. @throws LookFailed when there is no such item */
  labels(vault: string, title: string): Promise<string[]>;
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
    labels: (vault, title) =>
      ask(
        `1Password does not show the item ${title} of the vault ${vault}.`,
        "the title of an item in the vault, spelled as there",
        async (provider) => {
          const { uuid } = await onepassword.getVault({ name: vault }, { provider });
          return labelsOf(await onepassword.getItem({ vault: uuid, title }, { provider }));
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

/** Those that a deployment finds: the provider's own fields of these names, and those of sections. */
function labelsOf({ username, password, credential, sections = [] }: onepassword.GetItemResult): string[] {
  const builtIn = Object.entries({ username, password, credential });
  const custom = sections.flatMap(({ fields = [] }) =>
    fields.map(({ label, value }) => [label, value] as const),
  );
  const filled = [...builtIn, ...custom].filter(([, value]) => value?.trim());
  return [...new Set(filled.map(([label]) => label))].sort();
}

/** The provider's words, on one line. */
function words({ message }: Error): string {
  return message.split("\n").filter(Boolean)[0] ?? "no words";
}
