/** From what was found to what is done about it, and by whom. */
import { basename } from "node:path";
import { resourceName } from "../engine-events.ts";
import { nameOf, type Lock } from "../stack/locks.ts";
import type { Findings, FoundEnvironment, StrayVariable } from "./findings.ts";

/** What recovery itself does. */
export type Action =
  | { do: "remove the lock"; lock: Lock }
  | { do: "cancel" }
  | { do: "remove the note"; path: string }
  | { do: "clear pending operations" }
  | { do: "delete the key"; id: string };

/** One thing that is not as a good deployment leaves it. */
export interface Item {
  where: "state" | "AWS" | "Seqera Platform" | "GitHub";
  found: string;
  /** What is done about it; where a person must, with the command. */
  then: string;
  by: "recover" | "pulumi up" | "you";
  /** Set when it is by `recover`. */
  action?: Action;
}

/** What an operator says of what cannot be proven. */
export interface Assurance {
  /** Nobody deploys the stack now, on whatever machine. @default false */
  nobodyDeploys?: boolean;
}

/** Everything that is to be said and done; empty on a healthy stack. */
export function decide(found: Findings, { nobodyDeploys = false }: Assurance = {}): Item[] {
  return [
    ...locks(found, nobodyDeploys),
    ...pendingOperations(found),
    ...keys(found),
    ...credentials(found),
    ...found.environments.flatMap(environment),
    ...found.variables.map((each) => variable(each, found.owner)),
  ];
}

/** What is to be done before the state can be read. */
export function unreadable(notes: string[]): Item[] {
  return notes.map((path) =>
    recover(
      "state",
      `${basename(path)}: cut off while it was written, so that the state cannot be read`,
      "it goes: it says only what kind of file the state is",
      { do: "remove the note", path },
    ),
  );
}

function locks({ locks: all }: Findings, nobodyDeploys: boolean): Item[] {
  if (all === undefined)
    return nobodyDeploys
      ? [recover("state", "a lock, perhaps", "whatever lock there is goes", { do: "cancel" })]
      : [];
  return all.map((lock) =>
    recover(
      "state",
      `a lock of ${nameOf(lock)}`,
      lock.holder === "gone"
        ? "that process is gone: the lock goes"
        : "that process cannot be seen from here: the lock goes if you say that nobody deploys",
      { do: "remove the lock", lock },
    ),
  );
}

function pendingOperations({ state }: Findings): Item[] {
  return state.pending.map(({ type, urn }) =>
    recover(
      "state",
      `a pending operation: ${type} ${resourceName(urn)}`,
      "its record goes; what it has done, if anything, is found or done again by the next pulumi up",
      { do: "clear pending operations" },
    ),
  );
}

/** With a role, a user of that name that the state does not know is none of the stack's business. */
function isSomebodys({ byRole, state, userName }: Findings): boolean {
  return byRole && !state.userNames.includes(userName);
}

function keys(found: Findings): Item[] {
  const { byRole, state, userName, keyIds, held } = found;
  if (isSomebodys(found)) return [];
  const known = state.accessKeys.map(({ id }) => id);
  const strange = keyIds.filter((id) => !known.includes(id));
  if (strange.length > 0 && !state.userNames.includes(userName))
    return [
      you(
        "AWS",
        `the user ${userName} with the access keys ${keyIds.join(", ")}, none of which the state knows`,
        `they stay: another stack may work with them. If it is this stack's, pulumi up says so; else: pulumi config set userName ANOTHER`,
      ),
    ];
  const unknown = strange.map((id) => {
    const holder = held.find(({ accessKeyId }) => accessKeyId === id);
    return holder
      ? up(
          "AWS",
          `access key ${id}: not in the state, held by ${holder.by}`,
          byRole
            ? "stays, and the user with it, until these credentials are given another key or deleted"
            : "stays until the state's key is handed over in its place, then goes",
        )
      : recover(
          "AWS",
          `access key ${id}: not in the state, and in no credentials on Seqera Platform`,
          "nobody works with it: deleted",
          { do: "delete the key", id },
        );
  });
  const lost = state.accessKeys.filter(({ id, replaced }) => !replaced && !keyIds.includes(id));
  const missing = lost.map(({ id }) =>
    keyIds.length === 0 || byRole
      ? up(
          "AWS",
          `access key ${id}: in the state, not in AWS`,
          byRole ? "takes it out of the state: the role is in its place" : "another one is made",
        )
      : you(
          "AWS",
          `access key ${id}: in the state, not in AWS`,
          "pulumi refresh --run-program --yes, then pulumi up, which makes another one",
        ),
  );
  const both = keyIds.filter((id) => known.includes(id));
  const unfinished =
    both.length > 1
      ? [
          up(
            "AWS",
            `access keys ${both.join(" and ")}, both in the state`,
            byRole ? "deletes both: the role is in their place" : "finishes the last rotation",
          ),
        ]
      : [];
  return [...unknown, ...missing, ...unfinished];
}

/** Credentials of the stack with a key that nobody knows. */
function credentials(found: Findings): Item[] {
  const { byRole, state, keyIds, held } = found;
  if (byRole) return [];
  const known = [...keyIds, ...state.accessKeys.map(({ id }) => id)];
  return held
    .filter(({ accessKeyId, own }) => own && !known.includes(accessKeyId))
    .map(({ accessKeyId, by }) =>
      up(
        "Seqera Platform",
        `${by} with access key ${accessKeyId}, which AWS does not have`,
        "hands over the state's key",
      ),
    );
}

const FATE: Record<string, string> = {
  ERRORED: "makes it anew",
  CREATING: "waits for it, and takes it over if its settings are those of the files",
  AVAILABLE: "takes it over if its settings are those of the files",
  INVALID: "takes it over if its settings are those of the files, and has it validated again",
};

function environment({ id, name, status }: FoundEnvironment): Item[] {
  const fate = FATE[status];
  if (fate === undefined) return [];
  return [up("Seqera Platform", `compute environment ${name} (${id}), ${status}: not in the state`, fate)];
}

function variable({ name, value, wanted }: StrayVariable, owner: string): Item {
  const found = `variable ${name} = ${JSON.stringify(value)}: not in the state`;
  if (wanted === undefined)
    return up("GitHub", found, "takes it over if it says what is to be published, else names it");
  return wanted === value
    ? up("GitHub", found, "takes it over: it says what is to be published")
    : you("GitHub", found, `if nobody needs it: gh variable delete ${name} --org ${owner}, then pulumi up`);
}

function recover(where: Item["where"], found: string, then: string, action: Action): Item {
  return { where, found, then, by: "recover", action };
}

function up(where: Item["where"], found: string, then: string): Item {
  return { where, found, then, by: "pulumi up" };
}

function you(where: Item["where"], found: string, then: string): Item {
  return { where, found, then, by: "you" };
}
