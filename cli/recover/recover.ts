/** For when the engine itself was killed: finds what that has left, mends it, and looks again. */
import pRetry from "p-retry";
import { Fault } from "../../fault.ts";
import { held } from "../stack/locks.ts";
import type { StackPlace } from "../stack/place.ts";
import { readSettingsOrAsk } from "../credentials/choose.ts";
import type { StackSettings } from "../stack/settings.ts";
import { agreed, type Agreement } from "./agreed.ts";
import { decide, unreadable, type Item } from "./decide.ts";
import type { Findings } from "./findings.ts";
import { openEngine, openServices, type Engine, type Services } from "./surroundings.ts";

/** How recovery is asked for. */
export interface RecoverOptions extends Agreement {
  /** Shown everything that is to be mended, by whomever, before anything is. */
  show?: (items: Item[]) => void;
  /** What a deployment works with. @default read by the program's own code, which takes 2 seconds */
  settings?: StackSettings;
}

/** What has come of it. */
export interface RecoverReport {
  stack: string;
  /** `healthy` and `declined` (by the operator) have changed nothing. */
  end: "healthy" | "mended" | "declined";
  /** Whether the stack was seen not to be locked: not every place where states are kept shows it. */
  unlocked: boolean;
  /** All that was found. */
  found: Item[];
  /** What is left of it: for `pulumi up`, or for a person. */
  left: Item[];
}

/**
 * Mends what a killed engine has left of a stack. Safe at any time, any number of times.
 * @throws Fault where the stack is being deployed, or what was done has not mended it
 * @throws AnswerNeeded where something is to be done, and nobody has agreed to it
 */
export async function recover(place: StackPlace, options: RecoverOptions): Promise<RecoverReport> {
  const engine = await openEngine(place);
  let own: StackSettings | undefined;
  const services = async () => openServices(options.settings ?? (own ??= await readSettingsOrAsk(place)));
  return recoverBy(place.stack, engine, services, options).finally(() => own?.credentials.clear());
}

/** The same, by way of what it asks and does. */
export async function recoverBy(
  stack: string,
  engine: Engine,
  openServices: () => Promise<Services>,
  options: RecoverOptions,
): Promise<RecoverReport> {
  const locks = await engine.locks();
  const running = locks?.find(({ holder }) => holder === "running");
  if (running) throw held(running);
  const notes = unreadable(await engine.cutOff());
  if (notes.length === 0) return mendReadable(stack, engine, openServices, options);
  options.show?.(notes);
  if (!(await agreed(stack, { locks }, options)))
    return { stack, end: "declined", unlocked: locks !== undefined, found: notes, left: notes };
  for (const { action } of notes) if (action?.do === "remove the note") await engine.removeNote(action.path);
  const rest = await mendReadable(stack, engine, openServices, options);
  return {
    ...rest,
    end: rest.end === "healthy" ? "mended" : rest.end,
    found: [...notes, ...rest.found],
  };
}

async function mendReadable(
  stack: string,
  engine: Engine,
  openServices: () => Promise<Services>,
  options: RecoverOptions,
): Promise<RecoverReport> {
  const services = await openServices();
  const look = async (): Promise<Findings> => {
    const state = await engine.state();
    return { locks: await engine.locks(), state, ...(await services.look(state)) };
  };
  const findings = await look();
  const found = decide(findings, options);
  const unlocked = findings.locks !== undefined;
  const due = found.filter(({ action }) => action);
  if (due.length === 0) return { stack, end: "healthy", unlocked, found, left: found };

  options.show?.(found);
  if (!(await agreed(stack, findings, options)))
    return { stack, end: "declined", unlocked, found, left: found };
  await uninterrupted(() => act(due, engine, services, look));
  const left = await pRetry(async () => proven(decide(await look())), {
    // IAM may still list, for seconds, what it has deleted.
    ...{ retries: 4, minTimeout: 500 },
  });
  return { stack, end: "mended", unlocked, found, left };
}

/** The lock first, for nothing else can be done under it; a key only while no deployment can make one. */
async function act(
  due: Item[],
  engine: Engine,
  services: Services,
  look: () => Promise<Findings>,
): Promise<void> {
  const actions = due.flatMap(({ action }) => action ?? []);
  for (const action of actions) {
    if (action.do === "remove the lock") await engine.removeLock(action.lock);
    if (action.do === "cancel") await engine.cancel();
  }
  if (actions.some((action) => action.do === "clear pending operations")) await engine.clearPending();
  const keys = actions.flatMap((action) => (action.do === "delete the key" ? action.id : []));
  if (keys.length === 0) return;
  await engine.holding(async () => {
    // Time has passed since the first look: an answer may take long.
    const still = decide(await look()).flatMap(({ action }) =>
      action?.do === "delete the key" ? action.id : [],
    );
    for (const id of keys.filter((each) => still.includes(each))) await services.deleteKey(id);
  });
}

/** @throws Fault while anything is left that was to be done here */
function proven(left: Item[]): Item[] {
  const undone = left.filter(({ action }) => action);
  if (undone.length === 0) return left;
  throw new Fault("Not everything is recovered.", {
    got: undone.map(({ found }) => found).join("; "),
    allowed: "none of it",
    mend: "npm run --silent megatests -- recover",
  });
}

/** What has begun is finished: it takes seconds. */
async function uninterrupted(work: () => Promise<void>): Promise<void> {
  const wait = () => process.stderr.write("\nInterrupted; what is under way is finished first.\n");
  process.on("SIGINT", wait);
  try {
    await work();
  } finally {
    process.off("SIGINT", wait);
  }
}
