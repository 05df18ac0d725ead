import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { execa } from "execa";
import { Fault } from "../../fault.ts";
import { fromVariables } from "./environment.ts";
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
      await refuseUnlessIgnored(path, folder);
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
    mend: `chmod 600 ${path}`,
  });
}

/** A file that git tracks is not ignored either, whatever .gitignore says. */
async function refuseUnlessIgnored(path: string, folder: string): Promise<void> {
  const { exitCode, stderr, code } = await execa("git", ["check-ignore", "--quiet", path], {
    cwd: folder,
    reject: false,
  });
  if (exitCode === 0) return;
  throw new Fault("The file with the AWS credentials is not kept out of git.", {
    got: exitCode === 1 ? `git does not ignore ${path}` : `git cannot tell: ${code ?? stderr.split("\n")[0]}`,
    allowed: "a file that git ignores and does not track",
    mend: `git rm --cached --ignore-unmatch ${path}; echo '${path.split("/").at(-1)}' >> ${folder}/.gitignore`,
  });
}
