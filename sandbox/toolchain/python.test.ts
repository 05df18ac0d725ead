import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensurePython } from "./python.ts";
import { silent } from "./report.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "python-"));
  await mkdir(join(folder, "bin"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A python that answers the question for its version, and notes what else it is asked to do. */
async function fakePython(name: string, answer: string, rest = "exit 0"): Promise<void> {
  const script = `#!/bin/sh\nif [ "$1" = -c ]; then echo "${answer}"; exit; fi\necho "$@" >> "${folder}/asked"\n${rest}\n`;
  await writeFile(join(folder, "bin", name), script, { mode: 0o755 });
}
const env = () => ({ PATH: join(folder, "bin"), MEGATESTS_CACHE: join(folder, "cache") });

test("without a fit Python the error says what was found and what to install", async () => {
  await fakePython("python3", "3 9 True");
  await fakePython("python3.12", "3 12 False");
  await expect(ensurePython(silent, { env: env() })).rejects.toThrow(
    [
      "Python 3.10 or later with its venv module is needed on PATH, for seqerakit and moto.",
      `  found: ${folder}/bin/python3 is 3.9; ${folder}/bin/python3.12 has no venv module`,
      "Install it, for instance:",
      "  apt-get install python3 python3-venv      (Debian, Ubuntu)",
      "  brew install python@3.13                  (macOS)",
    ].join("\n"),
  );
});

/** `-m venv FOLDER` copies the fake itself to where the environment's python is looked for. */
const MAKES_VENV = '[ "$2" = venv ] && /bin/mkdir -p "$3/bin" && /bin/cp "$0" "$3/bin/python"; exit 0';

test("the first fit one is taken, requirements are installed with hashes, once", async () => {
  await fakePython("python3", "3 9 True");
  await fakePython("python3.11", "3 11 True", MAKES_VENV);
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, "a==1\n");
  const python = await ensurePython(silent, { env: env(), requirements });
  expect(python).toEqual({
    python: join(python.bin, "python"),
    bin: expect.stringContaining("/cache/python/") as string,
  });
  await ensurePython(silent, { env: env(), requirements });
  const asked = (await readFile(join(folder, "asked"), "utf8")).trim().split("\n");
  expect(asked).toHaveLength(2);
  expect(asked[0]).toMatch(/^-m venv /);
  expect(asked[1]).toContain("pip install --require-hashes --no-deps");

  await writeFile(requirements, "a==2\n");
  const changed = await ensurePython(silent, { env: env(), requirements });
  expect(changed.bin).not.toBe(python.bin);
});

test("pip's own words are shown when it fails", async () => {
  await fakePython(
    "python3",
    "3 12 True",
    `${MAKES_VENV.replace("; exit 0", " && exit 0")}; echo 'HASHES DO NOT MATCH' >&2; exit 1`,
  );
  await expect(ensurePython(silent, { env: env() })).rejects.toThrow(/HASHES DO NOT MATCH/);
});
