/** Sets up 1Password: one question at a time, each answer checked at once, nothing written before all are. */
import type { Progress } from "../../progress.ts";
import { readConfig, type ConfigFile } from "../../stack/config.ts";
import type { StackPlace } from "../../stack/place.ts";
import type { Answers } from "../answers.ts";
import { askItems, type ItemsGiven } from "./items.ts";
import { type Connection, LookFailed, openLook } from "./look.ts";
import { access, connectHost, connectToken, serviceAccountToken, vaultName } from "./questions.ts";
import { refuseStrays } from "./strays.ts";
import { readGivenToken, type TokenPlace } from "./token.ts";
import { writeSettings } from "./write.ts";

/** Answers given as flags. */
export interface OnePasswordGiven extends TokenPlace, ItemsGiven {
  onepassword?: string;
  connectHost?: string;
  vault?: string;
}

/** What a person answers with, and who is told. */
export interface Dialog {
  place: StackPlace;
  config: ConfigFile;
  answers: Answers;
  progress: Progress;
}

/** @throws Fault; AnswerNeeded where a flag is missing and nobody can be asked */
export async function setUpOnePassword(
  place: StackPlace,
  given: OnePasswordGiven,
  answers: Answers,
  progress: Progress,
): Promise<void> {
  const config = await readConfig(place);
  const dialog = { place, config, answers, progress };
  const { connection, vault, look } = await askVault(given, dialog);
  const { project } = config;
  const settings = await askItems(vault, look, given, dialog);
  await writeSettings(place, connection, config, { [`${project}:onepasswordVault`]: vault, ...settings });
  progress.line(`The config of stack ${place.stack} names what was found; the token is encrypted in it.`);
}

/** Until a vault is found that the token opens; what the flags said is used once. */
async function askVault(given: OnePasswordGiven, { place, config, answers, progress }: Dialog) {
  const usual = config.get(`${config.project}:onepasswordVault`);
  let token: string | undefined = await readGivenToken(given);
  let vault = given.vault;
  const way = await answers.choose(access, given.onepassword);
  refuseStrays(way);
  const host = way === "connect" ? await answers.text(connectHost, given.connectHost) : undefined;
  for (;;) {
    const question = host === undefined ? serviceAccountToken : connectToken;
    token = await answers.secret(question, token);
    vault = await answers.text(vaultName(usual), vault);
    const connection: Connection =
      host === undefined ? { serviceAccountToken: token } : { connectHost: host, connectToken: token };
    const look = openLook(place, connection);
    try {
      progress.line("  asking 1Password …");
      await look.vault(vault);
      return { connection, vault, look };
    } catch (error) {
      if (!answers.asking || !(error instanceof LookFailed)) throw error;
      progress.error(error.message);
      // Which of the two is wrong, the provider's words may say; this program cannot know.
      if ((await answers.choose(AGAIN, undefined)) === "token") token = undefined;
      else vault = undefined;
    }
  }
}

const AGAIN = {
  ...{ flag: "--vault", message: "What is to be given again?" },
  choices: [
    { value: "vault", name: "the vault" },
    { value: "token", name: "the token" },
  ],
};
