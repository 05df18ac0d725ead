import { Fault } from "../../fault.ts";
import { allowGrade, nameOnly, onStack } from "./naming.ts";
import { shellWord } from "./shell-word.ts";

/** A source is there, but a person has to open it first. Nothing has been touched. */
export class UnlockRequired extends Fault {
  readonly exitCode = 3;

  /**
   * @param profile of AWS SSO: the one kind of source that a person opens
   * @param got what is there instead of an open session
   */
  constructor(profile: string, got: string) {
    super(`unlock required: AWS SSO profile ${profile}`, {
      got,
      allowed: "a session that is signed in",
      // By its name, for it may come from a prompt, or from another stack's config than the selected one's.
      mend: `npm run --silent megatests -- credentials unlock --profile ${shellWord(profile)}`,
    });
  }
}

/** None of the sources that the config names is there. */
export class NoCredentials extends Fault {
  readonly exitCode = 2;
  private readonly sources: string[];

  /**
   * @param sources titles of those that were looked for, in their order
   * @param stack whose config names them, for the commands. @default the one that is selected when they are run
   */
  constructor(sources: string[], stack?: string) {
    const named = { stack };
    const environment = `${allowGrade("plaintext", named)}; ${nameOnly({ source: "environment" }, named)}`;
    super("There are no AWS credentials: no source that the stack's config names is there.", {
      got: `none of: ${sources.join("; ")}`,
      allowed: [
        "one of them, or another one, which the config has to name:",
        "for one run only: megatests asks for them at a terminal; pulumi does not",
        `an existing profile of AWS SSO: ${nameOnly({ source: "sso", profile: "NAME" }, named)}`,
        `AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, where the stack may do with keys in clear: ${environment}`,
        "1Password, or a new profile: the guided setup",
      ].join("\n           - "),
      mend: `npm run --silent megatests -- credentials setup --replace-sources${onStack(stack)}`,
    });
    this.sources = sources;
  }

  /** The same about a stack that need not be the selected one. */
  about(stack: string): NoCredentials {
    return new NoCredentials(this.sources, stack);
  }
}
