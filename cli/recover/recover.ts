/** For when the engine itself was killed: finds what that has left, mends it, and looks again. */
import pRetry from "p-retry";
import { WrongArgument } from "../../sandbox/parts.ts";
import { Fault } from "../../seqerakit/index.ts";
import { held } from "../stack/locks.ts";
import type { StackPlace } from "../stack/place.ts";
import { readSettingsOrAsk } from "../credentials/choose.ts";
import type { StackSettings } from "../stack/settings.ts";
import { decide, type Item } from "./decide.ts";
import type { Findings } from "./findings.ts";
import { openEngine, openServices, type Engine, type Services } from "./surroundings.ts";

/** How recovery is asked for. */
export interface RecoverOptions {
  /** What is found is mended without asking. */
  yes: boolean;
  /** The operator has made sure that nobody deploys: needed where that cannot be seen. @default false */
  nobodyDeploys?: boolean;
  /** Asked once what is to be done was shown, unless `yes`. @default there is nobody to ask */
  ask?: (question: string) => Promise<boolean>;
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

/** Nothing is done without an answer, and there was none. */
export class AnswerNeeded extends WrongArgument {}

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
  const running = (await engine.locks())?.find(({ holder }) => holder === "running");
  if (running) throw held(running);
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
  if (!(await agreed(findings, options))) return { stack, end: "declined", unlocked, found, left: found };
  await uninterrupted(() => act(due, engine, services, look));
  const left = await pRetry(async () => proven(decide(await look())), {
    // IAM may still list, for seconds, what it has deleted.
    ...{ retries: 4, minTimeout: 500 },
  });
  return { stack, end: "mended", unlocked, found, left };
}

/** Whether it may be done. What cannot be seen, only the operator can know. */
async function agreed({ locks }: Findings, { yes, nobodyDeploys, ask }: RecoverOptions): Promise<boolean> {
  const unseen = (locks ?? [{ holder: "elsewhere" }]).some(({ holder }) => holder === "elsewhere");
  const unsure = unseen && nobodyDeploys !== true;
  if (yes && !unsure) return true;
  if (!yes && ask)
    return ask(unsure ? "Does nobody deploy this stack now, anywhere, and is it to be done?" : "Do it?");
  const flags = unseen ? "--yes --nobody-deploys" : "--yes";
  throw new AnswerNeeded(
    [
      "Nothing is changed, for nobody has agreed to it.",
      `  got:     ${unsure ? "no word that nobody deploys this stack, which cannot be seen from here" : "no --yes, and no terminal to ask at"}`,
      `  allowed: ${flags}${unsure ? ", once you have made sure of it" : ""}`,
      `  mend:    npm run --silent megatests -- recover ${flags}`,
    ].join("\n"),
  );
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
