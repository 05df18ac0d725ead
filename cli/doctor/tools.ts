/** The programs a deployment needs on PATH. */
import { dirname, join } from "node:path";
import { execa } from "execa";
import { engineVersion } from "../../sandbox/toolchain/engine.ts";
import { findExecutable } from "../../sandbox/toolchain/find-executable.ts";
import { findPython } from "../../sandbox/toolchain/python.ts";
import { TW_VERSION } from "../../sandbox/toolchain/real.ts";
import { runFor } from "./fix.ts";
import { type Checkup, fail, type Finding, type Fix, need, notApplicable, pass } from "./row.ts";
import { atLeast, versionIn } from "../words.ts";

const GROUP = "tools";
/** Since then Node runs TypeScript as it stands: https://nodejs.org/api/typescript.html */
const OLDEST_NODE = "22.18.0";
const SEQERAKIT = "0.5.7";
const INSTALL_ENGINE = "curl -fsSL https://get.pulumi.com | sh";
const INSTALL_TW = "install tw from https://github.com/seqeralabs/tower-cli/releases";
/** A program that only says what it is, and does not within that time, hangs. */
const PATIENCE_MILLISECONDS = 5000;
/** Of what a program that does not run says about it. */
const MOST_LINES = 3;

/** Where the programs are looked for. */
export interface ToolsPlace {
  /** The operator's PATH. */
  path: string;
  /** The clone. */
  root: string;
  /** Whether it is a sandbox's, in which the program runs by itself: no language host starts it. */
  sandbox: boolean;
}

/** @returns the rows that other groups go on with */
export function toolRows(checkup: Checkup, place: ToolsPlace) {
  checkup.add(GROUP, "Node", () => node(place));
  const engine = checkup.add(GROUP, "Pulumi engine", () => pulumi(place));
  checkup.add(GROUP, "Node language host", async () => languageHost(place, await need(engine)));
  const python = checkup.add(GROUP, "Python", () => pythonRow(place));
  checkup.add(GROUP, "seqerakit", async () => seqerakit(place, await need(python)));
  checkup.add(GROUP, "tw", () => tw(place));
  return { engine };
}

async function node({ path }: ToolsPlace): Promise<Finding<undefined>> {
  const own = `export PATH="$PWD/node_modules/.bin:$PATH"`;
  const file = await findExecutable("node", path);
  if (!file) return fail("node is not on PATH", own);
  const { version, text } = await versionOf(file, "--version");
  if (version === undefined) return fail(text, own);
  if (atLeast(version, OLDEST_NODE)) return pass(`${version} (${file})`);
  return fail(`${version} (${file}), which does not run TypeScript: Unknown file extension ".ts"`, own);
}

async function pulumi({ path }: ToolsPlace): Promise<Finding<string>> {
  const file = await findExecutable("pulumi", path);
  if (!file) return fail("Pulumi's engine is not on PATH", INSTALL_ENGINE);
  const [{ version, text }, wanted] = await Promise.all([versionOf(file, "version"), engineVersion()]);
  if (version === undefined) return fail(text, INSTALL_ENGINE);
  if (atLeast(version, wanted)) return pass(`${version} (${file})`, file);
  return fail(
    `${version} (${file}); ${wanted} or later is needed`,
    `${INSTALL_ENGINE}; or: pulumi self-upgrade`,
  );
}

/** Comes with the engine, but for one that was built from source. */
async function languageHost({ path, sandbox }: ToolsPlace, engine: string): Promise<Finding<undefined>> {
  const name = "pulumi-language-nodejs";
  const file = (await findExecutable(name, path)) ?? (await findExecutable(name, dirname(engine)));
  if (file) return pass(file);
  if (sandbox) return notApplicable("a sandbox runs the program by itself");
  return fail(`${name} is neither on PATH nor beside ${engine}`, INSTALL_ENGINE);
}

async function pythonRow({ path }: ToolsPlace): Promise<Finding<string>> {
  try {
    const { interpreter, version } = await findPython(path);
    return pass(`${version} (${interpreter})`, interpreter);
  } catch (reason) {
    const [needed = "", found = ""] = (reason as Error).message.split("\n");
    return fail(
      `${needed.replace(/, for .*/, "")}: ${found.replace(/^ *found: /, "")}`,
      "apt-get install python3 python3-venv; or on macOS: brew install python@3.13",
    );
  }
}

async function seqerakit({ path, root }: ToolsPlace, python: string): Promise<Finding<undefined>> {
  const venv = join(root, ".venv");
  const own = join(venv, "bin/seqerakit");
  const [file, ownIsRight] = await Promise.all([
    findExecutable("seqerakit", path),
    versionOf(own, "--version").then(({ version }) => version === SEQERAKIT),
  ]);
  const install = `python3 -m venv .venv && .venv/bin/pip install seqerakit==${SEQERAKIT}`;
  const take = `export PATH="${join(venv, "bin")}:$PATH"`;
  const mend = [...(ownIsRight ? [] : [install]), ...(file === own ? [] : [take])].join("; ");
  const fix = ownIsRight ? undefined : intoVenv(python, venv);
  if (!file) return fail("seqerakit is not on PATH", mend, fix);
  const { version, text } = await versionOf(file, "--version");
  if (version === undefined) return fail(text, mend, fix);
  if (version === SEQERAKIT) return pass(`${version} (${file})`);
  return fail(`${version} (${file}); ${SEQERAKIT} is needed`, mend, fix);
}

/** Over a `.venv` that is there, too: its seqerakit is replaced by this version. */
function intoVenv(python: string, venv: string): Fix {
  return {
    does: `makes ${venv} and installs seqerakit ${SEQERAKIT} into it`,
    work: async () => {
      await runFor(python, ["-m", "venv", venv]);
      await runFor(join(venv, "bin/pip"), ["install", "--quiet", "--no-input", `seqerakit==${SEQERAKIT}`]);
    },
  };
}

/** The steps ask for nothing that is newer than `credentials validate`, which a `tw` since 0.36 has. */
async function tw({ path }: ToolsPlace): Promise<Finding<undefined>> {
  const file = await findExecutable("tw", path);
  if (!file) return fail("tw is not on PATH", INSTALL_TW);
  const [{ version, text }, { text: help }] = await Promise.all([
    versionOf(file, "--version"),
    says(file, "credentials", "--help"),
  ]);
  if (version === undefined) return fail(text, INSTALL_TW);
  if (!atLeast(version, TW_VERSION))
    return fail(`${version} (${file}); ${TW_VERSION} or later is needed`, INSTALL_TW);
  if (/^\s*validate\b/m.test(help)) return pass(`${version} with credentials validate (${file})`);
  return fail(`${version} (${file}) has no credentials validate`, INSTALL_TW);
}

/** A program's version, or, where it names none, what it says instead: a version manager's shim may be all that is there. */
async function versionOf(file: string, ...args: string[]): Promise<{ version?: string; text: string }> {
  const { runs, text } = await says(file, ...args);
  const version = versionIn(text);
  if (runs && version !== undefined) return { version, text };
  const words = text.split("\n").filter((line) => line.trim() !== "");
  const what = words.slice(0, MOST_LINES).join("\n") || "it says nothing";
  return { text: `${file} does not tell its version: ${what}` };
}

/** What a program prints, on whichever way, and whether it ends well. */
async function says(file: string, ...args: string[]): Promise<{ runs: boolean; text: string }> {
  const limit = { timeout: PATIENCE_MILLISECONDS, killSignal: "SIGKILL" } as const;
  const ran = await execa(file, args, { all: true, reject: false, stdin: "ignore", ...limit });
  // What could not be started, or was ended, has said nothing of it.
  const { failed, all = "", timedOut, shortMessage = "" } = ran;
  const silent = timedOut ? `no answer within ${PATIENCE_MILLISECONDS / 1000} seconds` : shortMessage;
  return { runs: !failed, text: failed ? all || silent : all };
}
