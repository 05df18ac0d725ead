/** The programs a deployment needs on PATH. */
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { engineVersion } from "../../sandbox/toolchain/engine.ts";
import { findExecutable } from "../../sandbox/toolchain/find-executable.ts";
import { findPython } from "../../sandbox/toolchain/python.ts";
import { TW_VERSION } from "../../sandbox/toolchain/real.ts";
import { type Checkup, fail, type Finding, type Fix, need, notApplicable, pass } from "./row.ts";
import { atLeast, versionIn } from "../words.ts";

const GROUP = "tools";
/** Since then Node runs TypeScript as it stands: https://nodejs.org/api/typescript.html */
const OLDEST_NODE = "22.18.0";
const SEQERAKIT = "0.5.7";
const INSTALL_ENGINE = "curl -fsSL https://get.pulumi.com | sh";
const INSTALL_TW = "install tw from https://github.com/seqeralabs/tower-cli/releases";

/** Where the programs are looked for. */
export interface ToolsPlace {
  /** The operator's PATH. */
  path: string;
  /** The clone. */
  root: string;
  /** Whether the program of this clone runs by itself, as in a sandbox: no language host starts it. */
  inline: boolean;
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
  const version = versionIn(await says(file, "--version")) ?? "unknown";
  if (atLeast(version, OLDEST_NODE)) return pass(`${version} (${file})`);
  return fail(`${version} (${file}), which does not run TypeScript: Unknown file extension ".ts"`, own);
}

async function pulumi({ path }: ToolsPlace): Promise<Finding<string>> {
  const file = await findExecutable("pulumi", path);
  if (!file) return fail("Pulumi's engine is not on PATH", INSTALL_ENGINE);
  const [found = "unknown", wanted] = await Promise.all([
    says(file, "version").then(versionIn),
    engineVersion(),
  ]);
  if (atLeast(found, wanted)) return pass(`${found} (${file})`, file);
  return fail(
    `${found} (${file}); ${wanted} or later is needed`,
    `${INSTALL_ENGINE}; or: pulumi self-upgrade`,
  );
}

/** Comes with the engine, but for one that was built from source. */
async function languageHost({ path, inline }: ToolsPlace, engine: string): Promise<Finding<undefined>> {
  const name = "pulumi-language-nodejs";
  const file = (await findExecutable(name, path)) ?? (await findExecutable(name, dirname(engine)));
  if (file) return pass(file);
  if (inline) return notApplicable("a sandbox runs the program by itself");
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
  const there = await access(join(venv, "bin/seqerakit")).then(
    () => true,
    () => false,
  );
  const take = `export PATH="${join(venv, "bin")}:$PATH"`;
  const mend = there
    ? take
    : `python3 -m venv .venv && .venv/bin/pip install seqerakit==${SEQERAKIT}; ${take}`;
  const fix = there ? undefined : intoVenv(python, venv);
  const file = await findExecutable("seqerakit", path);
  if (!file) return fail("seqerakit is not on PATH", mend, fix);
  const version = versionIn(await says(file, "--version")) ?? "unknown";
  if (version === SEQERAKIT) return pass(`${version} (${file})`);
  return fail(`${version} (${file}); ${SEQERAKIT} is needed`, mend, fix);
}

function intoVenv(python: string, venv: string): Fix {
  return {
    does: `makes ${venv} and installs seqerakit ${SEQERAKIT} into it`,
    work: async () => {
      await execa(python, ["-m", "venv", venv]);
      await execa(join(venv, "bin/pip"), ["install", "--quiet", "--no-input", `seqerakit==${SEQERAKIT}`]);
    },
  };
}

/** The steps ask for nothing that is newer than `credentials validate`, which a `tw` since 0.36 has. */
async function tw({ path }: ToolsPlace): Promise<Finding<undefined>> {
  const file = await findExecutable("tw", path);
  if (!file) return fail("tw is not on PATH", INSTALL_TW);
  const [version = "unknown", help] = await Promise.all([
    says(file, "--version").then(versionIn),
    says(file, "credentials", "--help"),
  ]);
  if (!atLeast(version, TW_VERSION))
    return fail(`${version} (${file}); ${TW_VERSION} or later is needed`, INSTALL_TW);
  if (/^\s*validate\b/m.test(help)) return pass(`${version} with credentials validate (${file})`);
  return fail(`${version} (${file}) has no credentials validate`, INSTALL_TW);
}

/** What a program prints, on whichever way; nothing where it cannot be run. */
async function says(file: string, ...args: string[]): Promise<string> {
  const { all } = await execa(file, args, { all: true, reject: false, stdin: "ignore", timeout: 10_000 });
  return all ?? "";
}
