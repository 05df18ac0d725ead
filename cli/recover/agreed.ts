/** Whether an operator has agreed to what is to be done. */
import { shellWord } from "../../secrets/sources/index.ts";
import { AnswerNeeded } from "../exit-answer.ts";
import type { Findings } from "./findings.ts";

/** How an operator says so. */
export interface Agreement {
  /** What is found is mended without asking. */
  yes: boolean;
  /** The operator has made sure that nobody deploys: needed where that cannot be seen. @default false */
  nobodyDeploys?: boolean;
  /** Asked once what is to be done was shown, unless `yes`. @default there is nobody to ask */
  ask?: (question: string) => Promise<boolean>;
}

/**
 * Whether it may be done to the stack. What cannot be seen, only the operator can know.
 * @throws AnswerNeeded where there is nobody to ask
 */
export async function agreed(
  stack: string,
  { locks }: Pick<Findings, "locks">,
  { yes, nobodyDeploys, ask }: Agreement,
): Promise<boolean> {
  const unseen = (locks ?? [{ holder: "elsewhere" }]).some(({ holder }) => holder === "elsewhere");
  const unsure = unseen && nobodyDeploys !== true;
  if (yes && !unsure) return true;
  if (!yes && ask)
    return ask(unsure ? "Does nobody deploy this stack now, anywhere, and is it to be done?" : "Do it?");
  const flags = unseen ? "--yes --nobody-deploys" : "--yes";
  throw new AnswerNeeded("Nothing is changed, for nobody has agreed to it.", {
    got: unsure
      ? "no word that nobody deploys this stack, which cannot be seen from here"
      : "no --yes, and no terminal to ask at",
    allowed: unsure ? `${flags}, once you have made sure of it` : flags,
    mend: `npm run --silent megatests -- recover --stack ${shellWord(stack)} ${flags}`,
  });
}
