/** A token from where a flag says it is; the token itself is never a flag. */
import { readFile, stat } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { shellWord } from "../../../secrets/sources/index.ts";
import { hide } from "../../redaction/index.ts";
import { WrongAnswer } from "../no-answer.ts";

/** Where the token is. */
export interface TokenPlace {
  /** A file that only its owner may read; `-` is standard input. */
  tokenFile?: string;
  /** Name of an environment variable. */
  tokenEnv?: string;
}

/**
 * @returns undefined where no place is given
 * @throws WrongAnswer when nothing is there, or others may read the file
 */
export async function readGivenToken(place: TokenPlace): Promise<string | undefined> {
  const token = await read(place);
  hide(token);
  return token;
}

async function read({ tokenFile, tokenEnv }: TokenPlace): Promise<string | undefined> {
  if (tokenFile !== undefined && tokenEnv !== undefined)
    throw refused("--token-file and --token-env", "both", "one of them", "leave one out");
  if (tokenEnv !== undefined) {
    const value = process.env[tokenEnv]?.trim();
    if (value) return value;
    const allowed = "the name of an environment variable with a token";
    throw refused(
      "--token-env",
      `${tokenEnv}, which is not set`,
      allowed,
      `export ${tokenEnv}, or take another`,
    );
  }
  if (tokenFile === undefined) return undefined;
  if (tokenFile === "-") return (await text(process.stdin)).trim();
  const allowed = "a file with a token, which only its owner may read; or - for standard input";
  const mode = await stat(tokenFile).then(
    (found) => found.mode & 0o777,
    (error: Error) => {
      throw refused("--token-file", error.message, allowed, "name another file");
    },
  );
  if (mode & 0o077)
    throw refused(
      "--token-file",
      `${tokenFile} with mode ${mode.toString(8)}`,
      allowed,
      `chmod 600 ${shellWord(tokenFile)}`,
    );
  return (await readFile(tokenFile, "utf8")).trim();
}

function refused(flag: string, got: string, allowed: string, mend: string): WrongAnswer {
  return new WrongAnswer(`${flag} cannot be used.`, { got, allowed, mend });
}
