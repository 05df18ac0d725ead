/** Completion for bash, zsh and fish, as an operator sets it up. The work is `@bomb.sh/tab`'s. */
import type { Command } from "commander";

const MORE = `
The scripts call "megatests", which a clone does not put on PATH: a function of that name does. bash
needs the package bash-completion.

Examples:
  megatests() { npx --no -- megatests "$@"; }; source <(megatests complete bash)      bash; in the clone
  megatests() { npx --no -- megatests "$@"; }; source <(megatests complete zsh)       zsh, after compinit
  function megatests; npx --no -- megatests $argv; end; megatests complete fish | source`;

/** Adds examples to the command that prints the scripts. */
export function describeCompletion(program: Command): void {
  program.commands
    .find((command) => command.name() === "complete")
    ?.description("Print the completion script of a shell: bash, zsh or fish")
    .addHelpText("after", MORE);
}
