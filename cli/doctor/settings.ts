/** The stack's settings, and the bootstrap credentials field by field: read by the program's own code, each once. */
import * as pulumi from "@pulumi/pulumi";
import { loadConfig, type StackConfig } from "../../config.ts";
import { onePasswordProvider } from "../../providers.ts";
import { fieldReader, type FieldSetting, itemOf } from "../../secrets/index.ts";
import { isFromOnePassword } from "../../secrets/sources/index.ts";
import { answered } from "../../time-limit.ts";
import { hide } from "../redaction/index.ts";
import type { StackPlace } from "../stack/place.ts";
import { inThrowAwayStack } from "../stack/throw-away.ts";
import type { ShownConfig } from "../stack/config.ts";

/** Shown by AWS, and published: no secrets. */
const SHOWN: FieldSetting[] = ["awsAccessKeyIdField", "seqeraWorkspaceIdField"];
const FIELDS = Object.keys(itemOf) as FieldSetting[];

/** What is read, each as soon as it is there. */
export interface ReadSettings {
  /** Rejects with the program's text about everything that is wrong. */
  config: Promise<StackConfig>;
  /** Values in clear, in memory only. Each rejects with Missing, or with what 1Password's provider says. */
  fields: Record<FieldSetting, Promise<string>>;
  /** Has 1Password asked, or not at all: until then nothing is. */
  openVault(open: boolean): void;
}

/**
 * Begins to read; every promise is settled in the end.
 * @param milliseconds how long 1Password may take
 */
export function readBySteps(
  place: StackPlace,
  shownConfig: Promise<ShownConfig>,
  milliseconds: number,
): ReadSettings {
  const config = Promise.withResolvers<StackConfig>();
  const opened = Promise.withResolvers<boolean>();
  const fields = FIELDS.map((name) => ({ name, ...Promise.withResolvers<string>() }));

  // The engine takes a second to be there: meanwhile the config is read.
  const program = async () => {
    const shown = await shownConfig;
    const values = Object.fromEntries(Object.entries(shown).map(([key, { value }]) => [key, value]));
    const secretKeys = Object.keys(shown).filter((key) => shown[key]?.secret);
    hide(...secretKeys.map((key) => values[key]));
    pulumi.runtime.setAllConfig(values, secretKeys);
    config.resolve(loadConfig(values, withoutOnePassword({ ...process.env, ...place.env })));
    const settings = await config.promise;
    if (!(await opened.promise)) return;
    const read = fieldReader(settings, onePasswordProvider(settings.onepassword));
    const reading = fields.map(async ({ name, resolve, reject }) => {
      if (!isNeeded(name, settings)) return;
      const limit = { callSeconds: milliseconds / 1000 };
      const value = answered("1Password", limit, read(name));
      await value.then((found) => {
        if (!SHOWN.includes(name)) hide(found);
        resolve(found);
      }, reject);
    });
    await Promise.all(reading);
  };
  void inThrowAwayStack(place, program)
    .catch((reason: unknown) => reason)
    .then((reason) => {
      config.reject(reason);
      for (const { reject } of fields) reject(reason ?? new Error("1Password was not asked."));
    });
  // Whoever needs one says so.
  for (const { promise } of [config, ...fields]) promise.catch(() => undefined);
  return {
    config: config.promise,
    fields: Object.fromEntries(fields.map(({ name, promise }) => [name, promise])) as ReadSettings["fields"],
    openVault: opened.resolve,
  };
}

/** Whether a deployment reads the field. */
function isNeeded(name: FieldSetting, settings: StackConfig): boolean {
  if (name === "githubTokenFields") return settings.publishToGithub;
  if (name === "awsSessionTokenField" && !settings[name]) return false;
  return itemOf[name] !== "awsItem" || settings.awsCredentialSources.some(isFromOnePassword);
}

/** These have a row of their own. */
function withoutOnePassword(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("OP_")));
}
