/** What a deployment of the stack works with, for commands that are none: settings and bootstrap credentials. */
import { loadConfig, type StackConfig } from "../../config.ts";
import { onePasswordProvider } from "../../providers.ts";
import { readSecrets, type Secrets } from "../../secrets/index.ts";
import { answered } from "../../time-limit.ts";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { hide } from "../redaction/index.ts";
import { inThrowAwayStack } from "./throw-away.ts";
import { askEngine, type StackPlace } from "./place.ts";

/** The bootstrap credentials in clear: in memory only. */
export type PlainSecrets = { [S in keyof Secrets]: { [F in keyof Secrets[S]]: string } };

/** What a deployment would be told. */
export interface StackSettings {
  config: StackConfig;
  secrets: PlainSecrets;
}

const shownConfig = z.record(
  z.string(),
  z.object({ value: z.string().default(""), secret: z.boolean().default(false) }),
);

/**
 * Reads both as a deployment does: by the program's own code, with the same 1Password provider.
 * @throws Error with the program's text, where a deployment would stop with it
 */
export async function readSettings(place: StackPlace): Promise<StackSettings> {
  const shown = shownConfig.parse(JSON.parse(await askEngine(place, ["config", "--show-secrets", "--json"])));
  const values = Object.fromEntries(Object.entries(shown).map(([key, { value }]) => [key, value]));
  const secretKeys = Object.keys(shown).filter((key) => shown[key]?.secret);
  hide(...secretKeys.map((key) => values[key]));
  return inThrowAwayStack(place, async () => {
    pulumi.runtime.setAllConfig(values, secretKeys);
    const config = loadConfig();
    const vault = onePasswordProvider(config.onepassword);
    const secrets = await answered("1Password", config, readSecrets(config, vault));
    return { config, secrets: hidden(await inClear(secrets)) };
  });
}

/** From here on none of them is printed. The workspace's id is published, and the key's id is shown by AWS. */
function hidden(secrets: PlainSecrets): PlainSecrets {
  hide(secrets.aws.secretAccessKey, secrets.seqera.token, secrets.github.token);
  return secrets;
}

async function inClear(secrets: Secrets): Promise<PlainSecrets> {
  return new Promise((resolve) => void pulumi.output(secrets).apply(resolve));
}

/** As the program hands them on. */
export function asOutputs(credentials: PlainSecrets["aws"]): Secrets["aws"] {
  const outputs = Object.entries(credentials).map(([name, value]) => [name, pulumi.output(value)]);
  return Object.fromEntries(outputs) as Secrets["aws"];
}
