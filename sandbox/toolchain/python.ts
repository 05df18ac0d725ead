import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder, prepareOnce } from "./cache.ts";
import { findExecutable, isExecutable } from "./find-executable.ts";
import { silent, type Report } from "./report.ts";

/** The Python environment with seqerakit and moto. */
export interface Python {
  /** Absolute path of its interpreter. */
  python: string;
  /** Folder of its commands, `seqerakit` among them. */
  bin: string;
}

/** What the environment depends on; the defaults are this machine. */
export interface PythonOptions {
  env?: NodeJS.ProcessEnv;
  /** Hash-pinned requirements. @default requirements.txt beside this file */
  requirements?: string;
  /** What these are, in words. @default seqerakit and moto */
  contents?: string;
}

const OLDEST = [3, 10] as const;
const NAMES = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.14", "python"];
/** One line, so that asking costs one start of the interpreter. */
const ASK =
  "import sys, importlib.util as u; print(sys.version_info[0], sys.version_info[1], u.find_spec('venv') is not None and u.find_spec('ensurepip') is not None)";

/**
 * Makes the virtual environment once for each requirements file and Python version.
 * @throws Error saying what to install when there is no fit Python, or pip's own words when it fails
 */
export async function ensurePython(report: Report = silent, options: PythonOptions = {}): Promise<Python> {
  const env = options.env ?? process.env;
  const requirements = options.requirements ?? join(import.meta.dirname, "requirements.txt");
  const contents = options.contents ?? "seqerakit and moto";
  return report.step("python", async (say) => {
    const { interpreter, version } = await findPython(env.PATH ?? "");
    const hash = createHash("sha256")
      .update(await readFile(requirements))
      .update(`\0${version}\0${interpreter}`)
      .digest("hex");
    const folder = join(cacheFolder(env), "python", hash.slice(0, 16));
    const { fresh } = await prepareOnce(folder, async () => {
      say.slow(`installing ${contents} for Python ${version}: about a minute, this once`);
      await run(interpreter, ["-m", "venv", folder], env);
      const pip = ["-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "--quiet"];
      await run(join(folder, "bin/python"), [...pip, "--disable-pip-version-check", "-r", requirements], env);
      return { version };
    });
    say.note(`Python ${version} with ${contents}${fresh ? "" : ", cached"}`);
    return { python: join(folder, "bin/python"), bin: join(folder, "bin") };
  });
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const done = await execa(command, args, { env, all: true, reject: false });
  if (done.failed)
    throw new Error(
      `Preparing the Python environment failed (${done.shortMessage}):\n${done.all.split("\n").slice(-15).join("\n")}`,
    );
}

/** @throws Error saying what to install when there is no fit one on PATH */
export async function findPython(path: string): Promise<{ interpreter: string; version: string }> {
  const seen: string[] = [];
  for (const name of NAMES) {
    const interpreter = await findExecutable(name, path);
    if (!interpreter || !(await isExecutable(interpreter))) continue;
    const { stdout } = await execa(interpreter, ["-c", ASK], { reject: false, timeout: 20_000 });
    const [major = 0, minor = 0, venv] = String(stdout ?? "").split(" ");
    if (!Number(major)) continue;
    const version = `${major}.${minor}`;
    if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]))
      seen.push(`${interpreter} is ${version}`);
    else if (venv !== "True") seen.push(`${interpreter} has no venv module`);
    else return { interpreter, version };
  }
  throw new Error(
    `Python ${OLDEST.join(".")} or later with its venv module is needed on PATH, for seqerakit and moto.\n` +
      `  found: ${seen.join("; ") || "no Python"}\n` +
      `Install it, for instance:\n` +
      `  apt-get install python3 python3-venv      (Debian, Ubuntu)\n` +
      `  brew install python@3.13                  (macOS)`,
  );
}
