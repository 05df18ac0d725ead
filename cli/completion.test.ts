import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { pythonForTests } from "../sandbox/services/aws/python-for-tests.ts";
import { KEYS, openTerminal } from "../test/terminal/terminal.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const FOLDER = join(import.meta.dirname, "..");
const isThere = async (shell: string) =>
  (await execa(shell, ["--version"], { reject: false })).exitCode === 0;
const complete = async (...args: string[]) =>
  (await execa(process.execPath, [MAIN, "complete", ...args])).stdout;

/** What is offered, without the descriptions and the last line, which is for the shell's script. */
async function offered(...typed: string[]): Promise<string[]> {
  const lines = (await complete("--", ...typed)).split("\n").slice(0, -1);
  return lines.map((line) => line.split("\t")[0]!);
}

describe("completion", async () => {
  const [zsh, fish] = await Promise.all(["zsh", "fish"].map(isThere));

  it("offers commands, their own commands, and options", async () => {
    expect(await offered("")).toEqual(
      expect.arrayContaining(["doctor", "status", "recover", "sandbox", "complete"]),
    );
    expect(await offered("sandbox", "")).toEqual(
      expect.arrayContaining(["up", "preview", "destroy", "reset"]),
    );
    expect(await offered("doctor", "--")).toEqual(expect.arrayContaining(["--fix", "--json", "--stack"]));
    expect(await offered("stat")).toEqual(["status"]);
  });

  it("works in bash", async () => {
    // What the package bash-completion finds out about the line that is typed.
    const script = `
      megatests() { "${process.execPath}" "${MAIN}" "$@"; }
      _get_comp_words_by_ref() { words=(megatests sandbox pre); cword=2; cur=pre; prev=sandbox; }
      source <(megatests complete bash)
      complete -p megatests
      __megatests_complete 2>/dev/null
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await execa("bash", ["-c", script]);
    expect(stdout.split("\n")).toEqual(["complete -F __megatests_complete megatests", "preview"]);
  });

  it("works in zsh, at its prompt", { timeout: 60_000, skip: !zsh }, async () => {
    const shell = openTerminal(
      await pythonForTests(),
      ["zsh", "-f", "-i"],
      { PATH: process.env.PATH },
      FOLDER,
    );
    shell.answers("PS1='ready> '; autoload -Uz compinit; compinit -D -u");
    shell.answers(`megatests() { "${process.execPath}" "${MAIN}" "$@"; }; source <(megatests complete zsh)`);
    shell.answers("print now''tab");
    await shell.sees("nowtab");
    shell.types("megatests sandbox prev\t");
    await shell.sees(/megatests sandbox preview/);
    shell.types(`${KEYS.clear}exit\r`);
    await shell.ended;
  });

  it("works in fish", { timeout: 60_000, skip: !fish }, async () => {
    const script = `function megatests; "${process.execPath}" "${MAIN}" $argv; end
megatests complete fish | source
complete -C "megatests sandbox prev"`;
    const { stdout } = await execa("fish", ["--no-config", "-c", script]);
    expect(stdout).toBe("preview\tshow what a deployment would change");
  });

  it.each([
    ["zsh", /^#compdef megatests$/m],
    ["fish", /^complete -c megatests /m],
  ])("has a script for %s", async (shell, registers) => {
    expect(await complete(shell)).toMatch(registers);
  });
});
