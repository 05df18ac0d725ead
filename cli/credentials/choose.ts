/** Credentials are needed and none are there: at a terminal, the operator chooses. */
import { input, password, select } from "@inquirer/prompts";
import { execa } from "execa";
import { join } from "node:path";
import { isTemporary, listSsoProfiles, NoCredentials } from "../../secrets/sources/index.ts";
import { hide } from "../redaction/index.ts";
import type { StackPlace } from "../stack/place.ts";
import { type OtherSources, readSettings, type StackSettings } from "../stack/settings.ts";
import { UNSEEN } from "./answers.ts";
import { isAttended } from "./attended.ts";

/** Streams to ask at. @default the terminal's */
export type Terminal = Parameters<typeof input>[1];

/** What an operator may choose. */
type Choice = "now" | "profile" | "setup";

/**
 * The stack's settings; where no source is there and a terminal is, with what the operator chooses.
 * @throws NoCredentials where there is no terminal, or the operator gives up
 * @throws UnlockRequired, and whatever else a deployment would stop with
 */
export async function readSettingsOrAsk(
  place: StackPlace,
  read = (other?: OtherSources) => readSettings(place, other),
): Promise<StackSettings> {
  const about = (reason: unknown) => {
    throw reason instanceof NoCredentials ? reason.about(place.stack) : reason;
  };
  try {
    return await read();
  } catch (reason) {
    if (!(reason instanceof NoCredentials) || !isAttended()) return about(reason);
    const chosen = await choose(reason.about(place.stack), place);
    return read(chosen === "setup" ? undefined : chosen).catch(about);
  }
}

async function choose(refusal: NoCredentials, place: StackPlace): Promise<OtherSources | "setup"> {
  process.stderr.write(`${refusal.message.split("\n")[0]}\n`);
  const chosen = await chooseSource({ output: process.stderr }).catch((reason: Error) => {
    // Ctrl-C
    throw reason.name === "ExitPromptError" ? refusal : reason;
  });
  if (chosen === "setup") await setUp(place);
  return chosen;
}

/** Asks where from. What is typed is kept in memory, and gone with this process. */
export async function chooseSource(terminal?: Terminal): Promise<OtherSources | "setup"> {
  const profiles = await listSsoProfiles();
  const choice = await select<Choice>(
    {
      message: "AWS credentials are needed",
      choices: [
        { value: "now", name: "Give them now, for this run only" },
        {
          value: "profile",
          name: "Use an existing profile of AWS SSO",
          disabled: profiles.length === 0 && "(there is none in ~/.aws/config)",
        },
        { value: "setup", name: "Set up where they come from (megatests credentials setup)" },
      ],
    },
    terminal,
  );
  if (choice === "setup") return "setup";
  if (choice === "now")
    return { awsCredentialSources: [{ source: "environment" }], env: await typed(terminal) };
  const choices = profiles.map((value) => ({ value }));
  const profile = await select({ message: "Profile", choices }, terminal);
  return { awsCredentialSources: [{ source: "sso", profile }], env: {} };
}

/** Whole credentials: what an incomplete source is told to mend would not help whoever has typed them. */
async function typed(terminal?: Terminal): Promise<Record<string, string>> {
  const validate = (value: string) => value.trim() !== "" || "it is needed";
  const unseen = async (question: { message: string; validate?: typeof validate }) => {
    const value = (await password({ ...question, ...UNSEEN }, terminal)).trim();
    hide(value);
    return value;
  };
  const accessKeyId = (await input({ message: "Access key id", validate }, terminal)).trim();
  const secret = await unseen({ message: "Secret access key (not shown)", validate });
  const token = isTemporary(accessKeyId)
    ? { message: "Session token of this temporary key (not shown)", validate }
    : { message: "Session token, if there is one (not shown)" };
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: await unseen(token),
  };
}

/**
 * The guided setup, as a command of its own at the same terminal. None of the named sources is there, so it offers to
 * put what it sets up in their place.
 * @throws SetupFailed
 */
async function setUp({ folder, stack }: StackPlace): Promise<void> {
  const main = join(import.meta.dirname, "../main.ts");
  // Ctrl-C reaches both: it is for the setup to say so.
  const leaveIt = () => undefined;
  process.on("SIGINT", leaveIt);
  try {
    const setup = [main, "credentials", "setup", "--replace-sources"];
    const { exitCode = 1 } = await execa(process.execPath, setup, {
      env: { PULUMI_OPTION_CWD: folder, PULUMI_STACK: stack },
      ...{ stdio: "inherit", reject: false },
    });
    if (exitCode !== 0) throw new SetupFailed(exitCode);
  } finally {
    process.removeListener("SIGINT", leaveIt);
  }
}

/** It has said itself why: nothing is left to be said. */
class SetupFailed extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("");
    this.exitCode = exitCode;
  }
}
