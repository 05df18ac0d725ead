/** The stack: where its state is kept, whether its secrets open, who holds it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { resourceName } from "../engine-events.ts";
import { cutOffIn } from "../stack/cut-off.ts";
import { nameOf, readLocks } from "../stack/locks.ts";
import { EngineSilent, readProject, type StackPlace } from "../stack/place.ts";
import { findStoreIn } from "../stack/store.ts";
import type { ShownConfig } from "../stack/config.ts";
import type { EngineAnswers } from "./engine-answers.ts";
import { type Checkup, fail, type Finding, need, notApplicable, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";
import { textOf } from "../words.ts";

const GROUP = "stack";
/** The engine's words for a stack that is not there, or of which none is selected. */
const NO_STACK = /no stack (named|selected)/;
/** Its words, and those of the services that keep keys, for secrets that do not open. */
const SHUT = /decrypt|secrets? (manager|provider)|kms|key ?vault|keeper|passphrase/i;
const RECOVER = "npm run --silent megatests -- recover";

/** @returns the rows that other groups go on with */
export function stackRows(
  checkup: Checkup,
  around: Surroundings,
  { engine, answers }: { engine: Row<string>; answers: EngineAnswers },
) {
  const { folder, env } = around;
  const project = checkup.add(GROUP, "Project", async () => {
    const { name } = await readProject(around);
    return pass(`${name} (${folder})`, name);
  });
  const backend = checkup.add(GROUP, "State backend", async () => {
    await need(engine);
    await need(project);
    return stateBackend(answers);
  });
  const place = checkup.add(GROUP, "Stack", async () => {
    await need(backend);
    return selected(answers, { folder, env: definite(env) }, around.stack);
  });
  const shown = checkup.add(GROUP, "Secrets provider", async () =>
    secretsProvider(await need(place), answers),
  );
  checkup.add(GROUP, "Lock", async () => lock(await need(place), await need(backend)));
  const state = checkup.add(GROUP, "State", async () => {
    await need(place);
    const found = await answers.state.catch(unreadable);
    if (!("pending" in found)) return found;
    if (found.pending.length === 0) return pass("no pending operation", found);
    const names = found.pending.map(({ type, urn }) => `${type} ${resourceName(urn)}`);
    return fail(`pending operations: ${names.join(", ")}`, RECOVER);
  });
  return { project, place, shown, state };
}

/** @throws what is not about the state's file */
function unreadable(reason: Error): Finding<never> {
  if (cutOffIn(reason.message) === undefined) throw reason;
  return fail(textOf(reason).found, RECOVER);
}

async function stateBackend({ backend }: EngineAnswers): Promise<Finding<string>> {
  try {
    const { url, user } = await backend;
    return pass(`${url}, as ${user}`, url);
  } catch (reason) {
    const { found, mend } = textOf(reason);
    return fail(found, reason instanceof EngineSilent ? mend : "pulumi login");
  }
}

/** A stack that was named may not exist all the same. */
async function selected(
  { stack, state }: EngineAnswers,
  place: Omit<StackPlace, "stack">,
  named: string | undefined,
): Promise<Finding<StackPlace>> {
  try {
    const name = await stack;
    await state.catch((reason: Error) => {
      if (NO_STACK.test(reason.message)) throw reason;
    });
    return pass(name, { ...place, stack: name });
  } catch (reason) {
    const { found, mend } = textOf(reason);
    return fail(found, NO_STACK.test(found) ? `pulumi stack select ${named ?? "dev"} --create` : mend);
  }
}

async function secretsProvider(place: StackPlace, { config }: EngineAnswers): Promise<Finding<ShownConfig>> {
  const kind = await kindOfSecrets(place);
  try {
    return pass(`${kind}: the stack's secrets open`, await config);
  } catch (reason) {
    const { found, mend } = textOf(reason);
    if (cutOffIn(found) !== undefined) return notApplicable("not checked: State fails");
    return fail(`${kind}: ${found}`, mendOf(found) ?? mend);
  }
}

function mendOf(found: string): string | undefined {
  if (/passphrase/i.test(found))
    return "export PULUMI_CONFIG_PASSPHRASE_FILE=FILE, with the stack's passphrase in it";
  return SHUT.test(found)
    ? "get the right to use the stack's key, or: pulumi stack change-secrets-provider PROVIDER"
    : undefined;
}

async function kindOfSecrets({ folder, stack }: StackPlace): Promise<string> {
  const file = join(folder, `Pulumi.${stack.split("/").at(-1)}.yaml`);
  const settings = (parse(await readFile(file, "utf8").catch(() => "")) ?? {}) as Record<string, string>;
  const { secretsprovider, encryptionsalt } = settings;
  return secretsprovider ?? (encryptionsalt === undefined ? "the backend's" : "passphrase");
}

async function lock(place: StackPlace, url: string): Promise<Finding<undefined>> {
  const store = await findStoreIn(url, place);
  if (store === undefined)
    return notApplicable("this backend does not show locks: pulumi up says so where there is one");
  const all = await readLocks(store.locks);
  if (all.length === 0) return pass("none");
  const found = `the stack is currently locked by ${all.map(nameOf).join("; ")}`;
  const running = all.find(({ holder }) => holder === "running");
  if (running)
    return fail(`${found}: that process runs`, `wait until it has ended, or: kill -INT ${running.pid}`);
  return all.every(({ holder }) => holder === "gone")
    ? fail(`${found}: that process is gone`, RECOVER)
    : fail(
        `${found}: it cannot be seen from here`,
        `${RECOVER} --nobody-deploys, once you have made sure of it`,
      );
}

/** What is not set is not passed on. */
export function definite(env: Surroundings["env"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
