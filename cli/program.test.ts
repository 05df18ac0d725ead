import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, CommanderError } from "commander";
import { afterAll, beforeAll, expect, it } from "vitest";
import { megatests } from "./program.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "examples-"));
  await mkdir(join(home, "bin"));
  // Examples name them, and what is none is refused.
  for (const file of ["tw", "pulumi-resource-github"].map((name) => join(home, "bin", name))) {
    await writeFile(file, "");
    await chmod(file, 0o755);
  }
});
afterAll(() => rm(home, { recursive: true }));

/** A command with all of its own, by the words that call it. */
function all(command: Command, called: string): [string, Command][] {
  return [[called, command], ...command.commands.flatMap((each) => all(each, `${called} ${each.name()}`))];
}

/** The lines under `Examples:`, each whole, without what it does, which stands two spaces behind it. */
function examplesOf(command: Command): string[] {
  let help = "";
  command.configureOutput({ writeOut: (more) => void (help += more) }).outputHelp();
  const [, examples = ""] = help.split(/\nExamples?:\n/);
  const lines = examples.replaceAll(/ \\\n +/g, " ").split("\n");
  return lines.flatMap((line) => line.trim().split(/ {2,}/)[0] || []);
}

/** What the command line is given, of what a shell is. */
function wordsOf(example: string): string[] {
  const [, script, rest] =
    /npm run (?:--silent )?(megatests|sandbox)(?: -- (.*))?$/.exec(example) ??
    /^.*[ (](megatests) (.*)$/.exec(example) ??
    [];
  expect(script, `${example}: neither a script of npm nor megatests`).toBeDefined();
  const own = rest?.replace(/ \| .*|\)"?$/, "").replaceAll("~", home) ?? "";
  const words = [...own.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
  return script === "sandbox" ? ["sandbox", ...words] : words;
}

/** The words that call the command that would run; undefined where help is shown instead. */
async function runs(words: string[]): Promise<string | undefined> {
  const program = megatests();
  let ran: string | undefined;
  for (const [called, command] of all(program, "megatests")) {
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    if (command.commands.length === 0) command.action(() => void (ran = called));
  }
  await program.parseAsync(words, { from: "user" }).catch((reason: unknown) => {
    if (!(reason instanceof CommanderError && reason.exitCode === 0)) throw reason;
  });
  return ran;
}

it.each(all(megatests(), "megatests"))("%s has help, with examples that run it", async (called, command) => {
  const ran = [];
  for (const example of examplesOf(command)) ran.push(await runs(wordsOf(example)));
  const own = ran.filter((each) => each === called || each?.startsWith(`${called} `));
  expect(own).not.toEqual([]);
  expect(own).toEqual(ran.filter((each) => each !== undefined));
  // Completion shows it in one line.
  expect(command.description()).toMatch(/^[^\n]+$/);
});
