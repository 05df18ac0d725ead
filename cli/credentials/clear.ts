/** `megatests credentials clear`, from its options to its last line. */
import { rm } from "node:fs/promises";
import { Fault } from "../../fault.ts";
import { onePasswordProvider } from "../../providers.ts";
import { openItems, openSources } from "../../secrets/index.ts";
import { askAtTerminal } from "../recover/ask.ts";
import { findPlace } from "../stack/place.ts";
import { withConfig } from "../stack/settings.ts";
import { checksFile, readChecks, writeChecks } from "./checks.ts";
import { checksKey } from "./status.ts";

/** @throws Fault where somebody has to be asked, and nobody can be, or has said no */
export async function clear({ stack, yes }: { stack?: string; yes: boolean }): Promise<void> {
  const place = await findPlace(stack);
  const key = checksKey(place);
  const sessions = await withConfig(place, async (config) => {
    const sources = openSources(config, openItems(config, onePasswordProvider(config.onepassword)));
    return [
      ...new Set((await Promise.all(sources.map(async ({ traces }) => (await traces?.()) ?? []))).flat()),
    ];
  });
  const remembered = Object.keys(await readChecks(key));
  const lines = [
    ...sessions.map((file) => `session of AWS SSO: ${file}`),
    ...(remembered.length > 0 ? [`last checks of ${remembered.join(", ")}: in ${checksFile()}`] : []),
  ];
  if (lines.length === 0) return say(`Nothing of stack ${place.stack} is kept on this machine.`);
  say(["To be removed:", ...lines].join("\n  "));
  if (!yes) await agree();
  for (const file of sessions) await rm(file, { force: true });
  await writeChecks(key, {});
  say("Removed.");
}

async function agree(): Promise<void> {
  const mend = "npm run --silent megatests -- credentials clear --yes";
  if (!process.stdin.isTTY) throw new InputNeeded("Nothing is removed without a word of yours.", { mend });
  if (!(await askAtTerminal("Remove this?"))) throw new InputNeeded("Nothing is removed.", { mend });
}

/** An answer is missing. */
class InputNeeded extends Fault {
  readonly exitCode = 2;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
