import { Fault } from "../../fault.ts";

/** The command that may start a sign-in; no other does. */
export const UNLOCK = "npm run --silent megatests -- credentials unlock";
/** The command that asks how the credentials are held, and writes it down. */
export const SET_UP = "npm run --silent megatests -- credentials setup";

/** A source is there, but a person has to open it first. Nothing has been touched. */
export class UnlockRequired extends Fault {
  readonly exitCode = 3;

  /**
   * @param source its title
   * @param got what is there instead of an open session
   */
  constructor(source: string, got: string) {
    super(`unlock required: ${source}`, { got, allowed: "a session that is signed in", mend: UNLOCK });
  }
}

/** None of the sources that the config names is there. */
export class NoCredentials extends Fault {
  readonly exitCode = 2;

  /** @param sources titles of those that were looked for, in their order */
  constructor(sources: string[]) {
    super("There are no AWS credentials: no source that the stack's config names is there.", {
      got: `none of: ${sources.join("; ")}`,
      allowed: [
        "one of them, or another one that the config names:",
        "for one run only: environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)",
        "an existing profile of AWS SSO: sso",
        "1Password, or a new profile: the guided setup",
      ].join("\n           - "),
      mend: `${SET_UP}; or name a source: pulumi config set --path 'AWSMegatests:awsCredentialSources[0].source' sso; pulumi config set --path 'AWSMegatests:awsCredentialSources[0].profile' NAME`,
    });
  }
}
