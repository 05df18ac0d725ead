/** From the options of `megatests status` to its last line. */
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../fault.ts";
import { spinning } from "../spinner.ts";
import { findPlace } from "../stack/place.ts";
import { readSettings } from "../stack/settings.ts";
import { readSettingsOrAsk } from "../credentials/choose.ts";
import { lookAt } from "./look.ts";
import { notSeen, type Part } from "./part.ts";
import { statusReport, statusText } from "./report.ts";

/** What was typed. */
export interface StatusOptions {
  stack?: string;
  json: boolean;
  /** Seconds between two looks. @default one look */
  watch?: number;
}

const CLEAR_SCREEN = "\x1b[H\x1b[2J";

/** @throws Fault where something does not agree, with --watch at the last look */
export async function run({ stack, json, watch }: StatusOptions): Promise<void> {
  const place = await findPlace(stack);
  // Once: 1Password allows a token 1,000 reads an hour.
  const settings = await readSettingsOrAsk(place, (other) =>
    spinning(
      () => "reading the stack's settings",
      () => readSettings(place, other),
    ),
  );
  const look = async () => {
    const parts = await spinning(
      () => "looking",
      // A store that is away a while is not to end a watch.
      () => lookAt(place, settings).catch((reason: unknown) => [notSeen("stack", reason)]),
    );
    show(place.stack, parts, json, watch);
    return parts;
  };
  const last = await again(look, watch).finally(() => settings.credentials.clear());
  const { good, wrong } = statusReport(place.stack, last);
  if (good) return;
  throw new Fault(`Stack ${place.stack} is not as a good deployment leaves it.`, {
    got: wrong.map(({ found }) => found.split("\n")[0]).join("; "),
    allowed: "AWS, Seqera Platform and GitHub agree with the state",
    mend: [...new Set(wrong.map(({ mend }) => mend))].join("; "),
  });
}

function show(stack: string, parts: Part[], json: boolean, watch: number | undefined): void {
  const report = statusReport(stack, parts);
  // Watched, one document a line.
  if (json)
    return void process.stdout.write(`${JSON.stringify(report, undefined, watch === undefined ? 2 : 0)}\n`);
  const clear = watch !== undefined && process.stdout.isTTY ? CLEAR_SCREEN : "";
  const when = watch === undefined ? "" : `\n${new Date().toISOString()}, every ${watch} s; Ctrl-C ends it`;
  process.stdout.write(`${clear}${statusText(stack, parts)}${when}\n`);
}

/** Looks once, or until it is interrupted. @returns what was seen last */
async function again(look: () => Promise<Part[]>, watch: number | undefined): Promise<Part[]> {
  let parts = await look();
  if (watch === undefined) return parts;
  const ended = new AbortController();
  process.once("SIGINT", () => ended.abort()).once("SIGTERM", () => ended.abort());
  while (await passed(watch, ended.signal)) parts = await look();
  return parts;
}

/** @returns false when it was interrupted */
async function passed(seconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(seconds * 1000, true, { signal }).catch(() => false);
}
