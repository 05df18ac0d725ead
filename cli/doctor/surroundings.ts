/** What a check-up is made of: nothing in it is looked up elsewhere, so that a test can say each of it. */
import { resolve } from "node:path";
import { type CredentialContext, makeContext } from "../../secrets/context.ts";
import { operatorsPath } from "./paths.ts";

/** A machine, a clone and a stack. */
export interface Surroundings {
  /** Folder with Pulumi.yaml. */
  folder: string;
  /** The stack that was named. @default the selected one */
  stack?: string;
  /** The clone. */
  root: string;
  /** What the engine is run with on top of this process's environment; what is read here is read from it. */
  env: Record<string, string | undefined>;
  /** The operator's PATH. */
  path: string;
  /** This machine's clock, in milliseconds since 1970. */
  now(): number;
  /** How long a service may take for what it is asked. */
  milliseconds: number;
  /** How long the engine may take for a question about the stack: its state may be kept afar. */
  engineMilliseconds: number;
  /** After so many a check is given up, whatever it waits for: long after each service that it asks. */
  rowMilliseconds: number;
  /** Holds the AWS credentials for as long as anything is checked. */
  awsContext: CredentialContext;
}

/** Those of this process. */
export function surroundingsHere(stack?: string): Surroundings {
  const { env } = process;
  return {
    // Every flag of the engine has a variable; this one is `--cwd`.
    folder: env.PULUMI_OPTION_CWD ?? process.cwd(),
    ...{ stack: stack ?? env.PULUMI_STACK, env, root: resolve(import.meta.dirname, "../..") },
    path: operatorsPath(env.PATH ?? ""),
    now: () => Date.now(),
    milliseconds: 4000,
    engineMilliseconds: 6000,
    rowMilliseconds: 15_000,
    awsContext: makeContext(),
  };
}
