/** 1Password: its token, its vault, each item and each field, and what stands in its provider's way. */
import { type StackConfig, strayVariables } from "../../config.ts";
import { type FieldSetting, itemOf, type ItemSetting, Missing } from "../../secrets/index.ts";
import { isFromOnePassword } from "../../secrets/sources/index.ts";
import { type Checkup, fail, type Finding, need, notApplicable, pass, type Row } from "./row.ts";
import type { ReadSettings } from "./settings.ts";
import type { ShownConfig } from "../stack/config.ts";
import { LATER } from "./ask.ts";
import type { Surroundings } from "./surroundings.ts";
import { textOf } from "../words.ts";

const GROUP = "1Password";
const TOKEN = "pulumi-onepassword:service_account_token";
const HOST = "pulumi-onepassword:connect_host";
const CONNECT = "pulumi-onepassword:connect_token";
/** Of the provider's and of 1Password Connect's answers; in others the token is not accepted, or nobody answers. */
const NO_VAULT = /found 0 vaults|no vault|vault .*not found/i;
const NO_ANSWER =
  /refused|no such host|timeout|timed out|unreachable|gives no answer|fetch failed|EOF|connection/i;
const REFUSED =
  /\b40[13]\b|unauthori[sz]ed|forbidden|denied|invalid|not valid|malformed|authenticat|expired|deactivated|revoked/i;
const LIMITED = /\b429\b|rate limit|too many requests/i;
const OUT_OF_ORDER = /status(?: code)?:? 5\d\d/i;
/** In front of what the provider says. */
const ENGINES_WORDS = /^invocation of \S+ returned an error: /;

/** Where no stack is known there is nothing to open; the rows before say so. */
const NOT_READ = { fields: {} as ReadSettings["fields"], openVault: () => undefined };

/** What the rows are about. */
export interface CredentialsAround extends Surroundings {
  shown: Row<ShownConfig>;
  read: Promise<ReadSettings>;
  config: Row<StackConfig>;
  plugin: Row<undefined>;
}

/** @returns the row of each field, whose value it has */
export function credentialRows(
  checkup: Checkup,
  around: CredentialsAround,
): Record<FieldSetting, Row<string>> {
  const { config, read } = around;
  const strays = checkup.add(GROUP, "OP_ACCOUNT", async () => strayRow(await need(around.shown), around));
  const token = checkup.add(GROUP, "1Password token", async () => {
    const { fields, openVault } = await read.catch(() => NOT_READ);
    try {
      const key = tokenKey(await need(around.shown));
      for (const row of [strays, around.plugin, config]) await need<unknown>(row);
      openVault(true);
      return tokenRow(key, await outcome(fields.seqeraTokenFields));
    } finally {
      // Without effect where it is open.
      openVault(false);
    }
  });
  const vault = checkup.add(GROUP, "1Password vault", async () => {
    await need(token);
    await failing((await read).fields.seqeraTokenFields, "vault");
    return pass((await need(config)).onepasswordVault);
  });
  const itemRow = (item: ItemSetting, field: FieldSetting) =>
    checkup.add(GROUP, item, async () => {
      await need(vault);
      const settings = await need(config);
      if (item === "githubItem" && !settings.publishToGithub) return unpublished();
      if (item === "awsItem" && !settings.awsCredentialSources.some(isFromOnePassword))
        return notApplicable("the AWS credentials come from elsewhere");
      await failing((await read).fields[field], "item");
      return pass(settings[item]);
    });
  const items = {
    awsItem: itemRow("awsItem", "awsAccessKeyIdField"),
    seqeraItem: itemRow("seqeraItem", "seqeraTokenFields"),
    githubItem: itemRow("githubItem", "githubTokenFields"),
  };
  const fieldRow = (name: FieldSetting) =>
    checkup.add(GROUP, name, async () => {
      await need(items[itemOf[name]]);
      const labels = [(await need(config))[name]].flat();
      if (labels.join("") === "") return notApplicable("no such field is named");
      return pass(labels.join(" or "), await (await read).fields[name]);
    });
  return {
    awsAccessKeyIdField: fieldRow("awsAccessKeyIdField"),
    awsSecretAccessKeyField: fieldRow("awsSecretAccessKeyField"),
    awsSessionTokenField: fieldRow("awsSessionTokenField"),
    seqeraTokenFields: fieldRow("seqeraTokenFields"),
    seqeraWorkspaceIdField: fieldRow("seqeraWorkspaceIdField"),
    githubTokenFields: fieldRow("githubTokenFields"),
  };
}

/** Nothing goes to GitHub. */
export function unpublished(): Finding<never> {
  return notApplicable("publishToGithub is false");
}

function strayRow(shown: ShownConfig, { env }: Surroundings): Finding<undefined> {
  const raw = Object.fromEntries(Object.entries(shown).map(([key, { value }]) => [key, value]));
  const problems = strayVariables(raw, env);
  if (problems.length === 0)
    return pass("not set, nor is another variable that 1Password's provider refuses");
  return fail(
    problems.map(({ key, allowed }) => `${key}: must be ${allowed}`).join("\n"),
    problems.map(({ mend }) => mend).join("\n"),
  );
}

/** @throws Error where there is none */
function tokenKey(shown: ShownConfig): string {
  const key = shown[HOST] || shown[CONNECT] ? CONNECT : TOKEN;
  if (shown[key]?.value.trim()) return key;
  throw new Error(`${key} is not set\n  mend: pulumi config set --secret ${key}`);
}

function tokenRow(key: string, reason: Error | undefined): Finding<undefined> {
  const vaultIsShut = reason && (!(reason instanceof Missing) || reason.what === "vault");
  if (!vaultIsShut || NO_VAULT.test(reason.message)) return pass(`${key}, accepted by 1Password`);
  const { found } = textOf(reason);
  const answer = (/^answered: (.*)$/m.exec(found)?.[1] ?? found).replace(ENGINES_WORDS, "");
  if (LIMITED.test(answer)) return fail(`1Password limits calls: ${answer}`, LATER);
  if (OUT_OF_ORDER.test(answer)) return fail(`1Password does not answer: ${answer}`, LATER);
  if (NO_ANSWER.test(answer)) {
    const where = key === CONNECT ? `; else: pulumi config set ${HOST} URL` : "";
    return fail(`1Password cannot be reached: ${answer}`, `look whether it can be reached from here${where}`);
  }
  return REFUSED.test(answer)
    ? fail(`1Password does not accept it: ${answer}`, `pulumi config set --secret ${key}`)
    : fail(
        `1Password cannot be asked: ${answer}`,
        `put right what it names; if that is the token: pulumi config set --secret ${key}`,
      );
}

async function outcome(promise: Promise<unknown>): Promise<Error | undefined> {
  return promise.then(
    () => undefined,
    (reason: Error) => reason,
  );
}

/** @throws what was missing, where it is that; the field itself has a row of its own */
async function failing(field: Promise<string>, what: Missing["what"]): Promise<void> {
  const reason = await outcome(field);
  if (reason && !(reason instanceof Missing && reason.what !== what)) throw reason;
}
