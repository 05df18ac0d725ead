/** What a deployment of the stack works with, for commands that are none: settings and bootstrap credentials. */
import { loadConfig, type StackConfig } from "../../config.ts";
import { Fault } from "../../fault.ts";
import { onePasswordProvider } from "../../providers.ts";
import { makeContext, type CredentialContext } from "../../secrets/context.ts";
import { readSecrets, type Secrets } from "../../secrets/index.ts";
import { allowGrade, type Grade, tooWeak } from "../../secrets/sources/index.ts";
import * as pulumi from "@pulumi/pulumi";
import { hide } from "../redaction/index.ts";
import { showConfig } from "./config.ts";
import { inThrowAwayStack } from "./throw-away.ts";
import type { StackPlace } from "./place.ts";

type Tokens = Pick<Secrets, "seqera" | "github">;

/** The tokens in clear: in memory only. */
export type PlainSecrets = { [S in keyof Tokens]: { [F in keyof Tokens[S]]: string } };

/** What a deployment would be told. */
export interface StackSettings {
  config: StackConfig;
  secrets: PlainSecrets;
  /** What clients of AWS take their credentials from. Clear it when the work is done. */
  credentials: CredentialContext;
}

/** Another place for the AWS credentials than the config names, for one run. `environment` reads what was typed, in `env`. */
export type OtherSources = Pick<StackConfig, "awsCredentialSources" | "env">;

/**
 * Reads both as a deployment does: by the program's own code, with the same 1Password provider.
 * @throws Error with the program's text, where a deployment would stop with it
 * @throws UnlockRequired, NoCredentials
 * @throws Fault where the other place protects less than the stack demands
 */
export async function readSettings(place: StackPlace, other?: OtherSources): Promise<StackSettings> {
  return withConfig(place, async (own) => {
    if (other) refuseWeak(other, own.leastCredentialProtection);
    const config = { ...own, ...other };
    const credentials = makeContext();
    const vault = onePasswordProvider(config.onepassword);
    const { seqera, github } = await readSecrets({ ...config, onSecret: hide }, vault, credentials).catch(
      (reason: Error) => {
        throw reason.cause instanceof Fault ? reason.cause : reason;
      },
    );
    const secrets = await inClear({ seqera, github });
    // The workspace's id is published.
    hide(secrets.seqera.token, secrets.github.token);
    return { config, secrets, credentials };
  });
}

/** What was typed is kept nowhere for longer than this run, so it has no grade. docs/decisions/0010-credential-sources.md */
function refuseWeak({ awsCredentialSources }: OtherSources, least: Grade): void {
  const kept = awsCredentialSources.filter(({ source }) => source !== "environment");
  const [weak] = tooWeak(kept, least);
  if (!weak) return;
  throw new Fault("The source protects the AWS credentials less than the stack demands.", {
    got: `${weak.source}: ${weak.grade}`,
    allowed: `sources that protect at least as leastCredentialProtection says: ${least}`,
    mend: `choose another one; or let the stack be protected less: ${allowGrade(weak.grade)}`,
  });
}

/** Lets work run where the program's code can call providers, with the stack's config. */
export async function withConfig<T>(
  place: StackPlace,
  work: (config: StackConfig) => Promise<T>,
): Promise<T> {
  const shown = await showConfig(place);
  const values = Object.fromEntries(Object.entries(shown).map(([key, { value }]) => [key, value]));
  const secretKeys = Object.keys(shown).filter((key) => shown[key]?.secret);
  hide(...secretKeys.map((key) => values[key]));
  return inThrowAwayStack(place, async () => {
    pulumi.runtime.setAllConfig(values, secretKeys);
    return work(loadConfig());
  });
}

async function inClear(secrets: Tokens): Promise<PlainSecrets> {
  return new Promise((resolve) => void pulumi.output(secrets).apply(resolve));
}
