/** The stack: where its state is kept, whether its secrets open, who holds it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { resourceName } from "../engine-events.ts";
import { lockFolder, nameOf, readLocks } from "../stack/locks.ts";
import { askEngine, readProject, type StackPlace } from "../stack/place.ts";
import { readState } from "../stack/state.ts";
import { type Checkup, fail, type Finding, need, notApplicable, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";
import { textOf } from "./words.ts";

const GROUP = "stack";
const RECOVER = "npm run --silent megatests -- recover";

/** The stack's config as the engine shows it, secrets in clear: in memory only. */
export type ShownConfig = Record<string, { value: string; secret: boolean }>;

const shownConfig = z.record(
  z.string(),
  z.object({ value: z.string().default(""), secret: z.boolean().default(false) }),
);

/** @returns the rows that other groups go on with */
export function stackRows(checkup: Checkup, around: Surroundings, engine: Row<string>) {
  const { folder, env } = around;
  const anyStack: StackPlace = { folder, stack: "", env: definite(env) };
  const project = checkup.add(GROUP, "Project", async () => {
    const { name } = await readProject(around);
    return pass(`${name} (${folder})`, name);
  });
  const backend = checkup.add(GROUP, "State backend", async () => {
    await need(engine);
    await need(project);
    return stateBackend(anyStack);
  });
  const place = checkup.add(GROUP, "Stack", async () => {
    await need(backend);
    return selected(anyStack, around.stack);
  });
  const shown = checkup.add(GROUP, "Secrets provider", async () => secretsProvider(await need(place)));
  checkup.add(GROUP, "Lock", async () => lock(await need(place)));
  const state = checkup.add(GROUP, "State", async () => {
    const found = await readState(await need(place));
    if (found.pending.length === 0) return pass("no pending operation", found);
    const names = found.pending.map(({ type, urn }) => `${type} ${resourceName(urn)}`);
    return fail(`pending operations: ${names.join(", ")}`, RECOVER);
  });
  return { project, place, shown, state };
}

async function stateBackend(anyStack: StackPlace): Promise<Finding<string>> {
  try {
    const answer = await askEngine(anyStack, ["whoami", "--json"]);
    const { url, user } = z.object({ url: z.string(), user: z.string() }).parse(JSON.parse(answer));
    return pass(`${url}, as ${user}`, url);
  } catch (reason) {
    return fail(textOf(reason).found, "pulumi login");
  }
}

async function selected(anyStack: StackPlace, named: string | undefined): Promise<Finding<StackPlace>> {
  try {
    const stack = named ?? (await askEngine(anyStack, ["stack", "--show-name"])).trim();
    // Where it was named, whether there is one is yet to be seen.
    const place = { ...anyStack, stack };
    if (named) await askEngine(place, ["stack", "--show-name"]);
    return pass(stack, place);
  } catch (reason) {
    return fail(textOf(reason).found, `pulumi stack select ${named ?? "dev"} --create`);
  }
}

async function secretsProvider(place: StackPlace): Promise<Finding<ShownConfig>> {
  const kind = await kindOfSecrets(place);
  try {
    const shown = await askEngine(place, ["config", "--show-secrets", "--json"]);
    return pass(`${kind}: the stack's secrets open`, shownConfig.parse(JSON.parse(shown)));
  } catch (reason) {
    const { found } = textOf(reason);
    const mend = /passphrase/i.test(found)
      ? "export PULUMI_CONFIG_PASSPHRASE_FILE=FILE, with the stack's passphrase in it"
      : "get the right to use the stack's key, or: pulumi stack change-secrets-provider PROVIDER";
    return fail(`${kind}: ${found}`, mend);
  }
}

async function kindOfSecrets({ folder, stack }: StackPlace): Promise<string> {
  const file = join(folder, `Pulumi.${stack.split("/").at(-1)}.yaml`);
  const settings = (parse(await readFile(file, "utf8").catch(() => "")) ?? {}) as Record<string, string>;
  const { secretsprovider, encryptionsalt } = settings;
  return secretsprovider ?? (encryptionsalt === undefined ? "the backend's" : "passphrase");
}

async function lock(place: StackPlace): Promise<Finding<undefined>> {
  const folder = await lockFolder(place);
  if (folder === undefined)
    return notApplicable("this backend does not show locks: pulumi up says so where there is one");
  const all = await readLocks(folder);
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
