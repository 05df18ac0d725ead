import { type Command } from "commander";
import { expect, it } from "vitest";
import { megatests } from "./program.ts";

/** A command with all of its own, by the words that call it. */
function all(command: Command, called: string): [string, Command][] {
  return [[called, command], ...command.commands.flatMap((each) => all(each, `${called} ${each.name()}`))];
}

it.each(all(megatests(), "megatests"))("%s has help with examples", (called, command) => {
  let text = "";
  command.configureOutput({ writeOut: (more) => void (text += more) }).outputHelp();
  expect(text).toMatch(/\nExamples?:\n {2}\S/);
  expect(text).toContain(called.split(" ").at(-1));
  // Completion shows it in one line.
  expect(command.description()).toMatch(/^[^\n]+$/);
});
