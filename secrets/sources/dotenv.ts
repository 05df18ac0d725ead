import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { execa } from "execa";
import { Fault } from "../../fault.ts";
import { fromVariables } from "./environment.ts";
import { shellWord } from "./shell-word.ts";
import type { Source } from "./source.ts";
import type { Surroundings } from "./surroundings.ts";

/** A file that assigns AWS's own variables. It is the last resort: the key lies there in clear. */
export function dotenvSource({ file }: { file: string }, { folder }: Surroundings): Source {
  const path = resolve(folder, file);
  const title = `file ${file}`;
  return {
    title,
    grade: "plaintext",
    load: async () => {
      const found = await stat(path).catch(() => undefined);
      if (!found) return undefined;
      await refuseUnlessPrivate(path, found.mode);
      await refuseUnlessIgnored(path);
      return fromVariables(
        title,
        parseEnv(await readFile(path, "utf8")),
        `put the missing lines into ${path}`,
      );
    },
  };
}

async function refuseUnlessPrivate(path: string, mode: number): Promise<void> {
  // Windows has no such bits.
  if (process.platform === "win32" || (mode & 0o077) === 0) return;
  throw new Fault("Others can read the file with the AWS credentials.", {
    got: `${path} has mode ${(mode & 0o777).toString(8)}`,
    allowed: "mode 600: its owner alone",
    mend: `chmod 600 ${shellWord(path)}`,
  });
}

/**
 * A file that git tracks is not ignored either, whatever .gitignore says. It is asked in the file's own folder, which
 * may be in another repository than the clone, or in none: nobody commits it there.
 */
async function refuseUnlessIgnored(path: string): Promise<void> {
  const folder = dirname(path);
  const { exitCode, stderr, code } = await execa("git", ["check-ignore", "--quiet", path], {
    ...{ cwd: folder, env: { LC_ALL: "C" } },
    reject: false,
  });
  if (exitCode === 0 || stderr?.startsWith("fatal: not a git repository")) return;
  const tracked = exitCode === 1;
  const [file, ignored, here] = [path, join(folder, ".gitignore"), folder].map(shellWord);
  throw new Fault("The file with the AWS credentials is not kept out of git.", {
    got: tracked ? `git does not ignore ${path}` : `git cannot tell: ${code ?? stderr?.split("\n")[0]}`,
    allowed: "a file that git ignores and does not track, or one in no repository",
    mend: tracked
      ? `git -C ${here} rm --cached --ignore-unmatch ${file}; echo ${shellWord(basename(path))} >> ${ignored}`
      : `git -C ${here} check-ignore ${file}, and put right what it says`,
  });
}
