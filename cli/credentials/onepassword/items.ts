/** Which items of the vault hold what, and which of their fields. */
import { z } from "zod";
import { Fault } from "../../../fault.ts";
import { WrongAnswer } from "../no-answer.ts";
import { type FieldSetting, itemOf } from "../../../secrets/index.ts";
import { FIELD_SETTINGS, FIELDS, KINDS, OPTIONAL, type ItemKind } from "./kinds.ts";
import { type ItemFields, LookFailed, type Look } from "./look.ts";
import { fieldLabel, itemTitle } from "./questions.ts";
import { tokenLabels } from "./session-token.ts";
import type { Dialog } from "./setup.ts";

const labelList = z.array(z.string());

/** Answers given as flags. */
export interface ItemsGiven {
  awsItem?: string;
  seqeraItem?: string;
  githubItem?: string;
  /** Labels by setting, e.g. `awsAccessKeyIdField`. */
  field: Record<string, string>;
}

/** @returns settings that name what was found, by full key; a list's first entry as `KEY[0]` */
export async function askItems(
  vault: string,
  look: Look,
  given: ItemsGiven,
  dialog: Dialog,
): Promise<Record<string, string>> {
  const { config } = dialog;
  const settings: Record<string, string> = {};
  const published = config.get(`${config.project}:publishToGithub`) !== "false";
  for (const kind of KINDS) {
    if (kind.setting === "githubItem" && !published) continue;
    const { title, item } = await askTitle(kind, vault, look, given, dialog);
    settings[`${config.project}:${kind.setting}`] = title;
    Object.assign(settings, await askFields(kind, title, item, given, dialog));
  }
  return settings;
}

async function askTitle(
  { setting, flag, what }: ItemKind,
  vault: string,
  look: Look,
  flags: ItemsGiven,
  { config, answers, progress }: Dialog,
) {
  for (let given = flags[setting]; ; given = undefined) {
    const title = await answers.text(
      itemTitle(flag, what, config.get(`${config.project}:${setting}`)),
      given,
    );
    try {
      progress.line("  asking 1Password …");
      return { title, item: await look.fields(vault, title) };
    } catch (error) {
      if (!answers.asking || !(error instanceof LookFailed)) throw error;
      progress.error(error.message);
    }
  }
}

/** Only those are asked that the config does not name as they are in the item. */
export async function askFields(
  kind: ItemKind,
  title: string,
  item: ItemFields,
  { field: flags }: ItemsGiven,
  { config, answers, progress }: Dialog,
): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  const labelsOf: Partial<Record<FieldSetting, string[]>> = {};
  for (const setting of FIELD_SETTINGS.filter((each) => itemOf[each] === kind.setting)) {
    const what = FIELDS[setting];
    const key = `${config.project}:${setting}`;
    const list = setting.endsWith("s");
    const now = listOf(key, config.get(key), list);
    const { awsAccessKeyIdField: keyId = [], awsSecretAccessKeyField: secret = [] } = labelsOf;
    const optional = setting === OPTIONAL && flags[setting] === undefined;
    const labels = optional ? tokenLabels(title, item, { keyId, secret }) : item.labels;
    labelsOf[setting] = now;
    if (flags[setting] === undefined && now.some((label) => labels.includes(label))) continue;
    if (optional && labels.length === 0) {
      // A field that is named and not there would be missed by every deployment.
      if (now.some(Boolean) && !now.some((label) => item.labels.includes(label))) settings[key] = "";
      continue;
    }
    if (labels.length === 0)
      throw new WrongAnswer(`The item ${title} has no field with a value.`, {
        allowed: `an item with ${what}`,
        mend: "fill it in 1Password, or name another item",
      });
    const label = await answers.choose(fieldLabel(setting, what, labels), flags[setting]);
    progress.line(`  ${setting}: ${label}`);
    labelsOf[setting] = [label];
    settings[list ? `${key}[0]` : key] = label;
  }
  return settings;
}

/** @throws Fault where the setting is no list */
function listOf(key: string, value: string | undefined, list: boolean): string[] {
  if (value === undefined) return [];
  if (!list) return [value];
  try {
    return labelList.parse(JSON.parse(value));
  } catch {
    throw new Fault(`${key} cannot be used.`, {
      got: "a value, not shown",
      allowed: "a list of labels of fields",
      mend: `pulumi config rm ${key}; then run the same command again`,
    });
  }
}
