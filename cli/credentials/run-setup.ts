/** From the options of `megatests credentials setup` to its last line. */
import { makeProgress, type Progress } from "../progress.ts";
import { findPlace, type StackPlace } from "../stack/place.ts";
import { openAnswers } from "./answers.ts";
import { nameSource } from "./name-source.ts";
import { setUpOnePassword, type OnePasswordGiven } from "./onepassword/setup.ts";
import { setUpSso, type SsoGiven } from "./sso/setup.ts";

/** What was typed. */
export interface SetupOptions extends SsoGiven, OnePasswordGiven {
  how?: string;
  stack?: string;
  /** @default asked */
  useForStack?: boolean;
  replaceSources: boolean;
}

const SETUP = "npm run --silent megatests -- credentials setup";

/** Every flag without which there is a question. */
const USAGE = [
  `${SETUP} --how sso --start-url URL --sso-region REGION --account ID --role NAME`,
  `${SETUP} --how 1password --onepassword service-account --token-file FILE --vault NAME --aws-item TITLE --seqera-item TITLE --github-item TITLE`,
  `${SETUP} --how 1password --onepassword connect --connect-host URL --token-file FILE --vault NAME --aws-item TITLE --seqera-item TITLE --github-item TITLE`,
];

const HOW = {
  ...{ flag: "--how", message: "How do you hold your AWS credentials?" },
  choices: [
    { value: "1password", name: "in 1Password" },
    { value: "sso", name: "by AWS SSO (IAM Identity Center)" },
  ],
};

/** @throws Fault; AnswerNeeded where a flag is missing and nobody can be asked */
export async function runSetup({
  how,
  stack,
  useForStack,
  replaceSources: replace,
  ...given
}: SetupOptions): Promise<void> {
  const progress = makeProgress();
  const answers = openAnswers(USAGE);
  const naming = { answers, progress, given: useForStack, replace };
  const way = await answers.choose(HOW, how);
  if (way === "1password") {
    const place = await findPlace(stack);
    await setUpOnePassword(place, given, answers, progress);
    await nameSource(place, { source: "onepassword" }, naming);
    return print("1Password is set up.");
  }
  const { profile, arn, roleName, accountId } = await setUpSso(given, answers, progress);
  const place = await placeFor(stack, useForStack, progress);
  if (place) await nameSource(place, { source: "sso", profile }, naming);
  print(`The profile ${profile} works: role ${roleName} in account ${accountId}, as ${arn}`);
}

/** A profile is of use without a stack, too; what was asked for by a flag must be possible. */
async function placeFor(
  stack: string | undefined,
  useForStack: boolean | undefined,
  progress: Progress,
): Promise<StackPlace | undefined> {
  if (useForStack === false) return undefined;
  try {
    return await findPlace(stack);
  } catch (error) {
    if (useForStack || stack !== undefined) throw error;
    progress.line("No stack is selected here, so none is told of the profile.");
    return undefined;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
