/** `megatests credentials clear`, from its options to its last line. */
import { rm } from "node:fs/promises";
import { Fault } from "../../fault.ts";
import { openSource, shellWord, type Source, type SourceSetting } from "../../secrets/sources/index.ts";
import { AnswerNeeded } from "../exit-answer.ts";
import { askAtTerminal } from "../recover/ask.ts";
import { findPlace, type StackPlace } from "../stack/place.ts";
import { isAttended } from "./attended.ts";
import { checksFile, checksKey, readChecks, writeChecks } from "./checks.ts";
import { readNamedSources } from "./named-sources.ts";

/**
 * Works with as little as there is: of the config it needs one setting, and what cannot be read is passed over with a line.
 * @throws AnswerNeeded where somebody has to be asked, and nobody can be
 * @throws Fault where the operator has said no
 */
export async function clear({ stack, yes }: { stack?: string; yes: boolean }): Promise<void> {
  const place = await findPlace(stack);
  const key = checksKey(place);
  const sessions = await sessionsOf(place);
  const remembered = Object.keys(await readChecks(key));
  const lines = [
    ...sessions.map((file) => `session of AWS SSO: ${file}`),
    ...(remembered.length > 0 ? [`last checks of ${remembered.join(", ")}: in ${checksFile()}`] : []),
  ];
  if (lines.length === 0) return say(`Nothing of stack ${place.stack} is kept on this machine.`);
  say(["To be removed:", ...lines].join("\n  "));
  if (!yes) await agree(place);
  for (const file of sessions) await rm(file, { force: true });
  await writeChecks(key, {});
  say("Removed.");
}

/** Files of the sessions that the stack's sources use. */
async function sessionsOf(place: StackPlace): Promise<string[]> {
  const named = await readNamedSources(place).catch(({ message }: Error) => {
    passOver("the stack's config", message);
    return undefined;
  });
  if (!named) return [];
  if (!named.settings) passOver(named.key, "it cannot be used: a value, not shown");
  const found = (named.settings ?? []).map(async (setting) => {
    const source = openHere(setting, place);
    return (await source.traces?.().catch(({ message }: Error) => passOver(source.title, message))) ?? [];
  });
  return [...new Set((await Promise.all(found)).flat())];
}

/** A source that is asked for nothing but its traces: no service is called. */
function openHere(setting: SourceSetting, { folder }: StackPlace): Source {
  const nothing = () => Promise.reject(new Error("Nothing is read here."));
  const onePasswordItem = { vault: "", title: "", accessKeyId: "", secretAccessKey: "", sessionToken: "" };
  return openSource(setting, {
    ...{ env: {}, folder, region: "", callSeconds: 0, onePassword: nothing, onePasswordItem },
  });
}

function passOver(what: string, why: string): void {
  process.stderr.write(`warning: passed over: ${what}\n  ${why.replaceAll("\n", "\n  ")}\n`);
}

async function agree({ stack }: StackPlace): Promise<void> {
  const allowed = "a yes to what is listed above, at a terminal or by --yes";
  const mend = `npm run --silent megatests -- credentials clear --yes --stack ${shellWord(stack)}`;
  if (!isAttended())
    throw new AnswerNeeded("Nothing is removed, for nobody has agreed to it.", {
      ...{ got: "no --yes, and no terminal to ask at", allowed, mend },
    });
  if (!(await askAtTerminal("Remove this?")))
    throw new Fault("Nothing is removed.", { got: "a no", allowed, mend });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
