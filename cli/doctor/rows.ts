/** All preconditions of a deployment, each beginning as soon as what it needs is known. */
import { neededRights } from "../../seqerakit/index.ts";
import type { Identity, Right } from "../stack/aws.ts";
import type { StackConfig } from "../../config.ts";
import { withWholePaths } from "../stack/environments.ts";
import { awsRows } from "./aws.ts";
import { credentialRows } from "./credentials.ts";
import { githubRows } from "./github.ts";
import { platformRows } from "./platform.ts";
import { pluginRows } from "./plugins.ts";
import { iamOf, resourceRows } from "./resources.ts";
import { Checkup, need, pass } from "./row.ts";
import { readBySteps } from "./settings.ts";
import { stackRows } from "./stack.ts";
import type { Surroundings } from "./surroundings.ts";
import { toolRows } from "./tools.ts";

/** Begins all checks. */
export function beginCheckup(
  around: Surroundings,
  rights: (identity: Identity, config: StackConfig) => Right[],
): Checkup {
  const checkup = new Checkup(around.milliseconds);
  const { engine } = toolRows(checkup, { ...around, inline: around.folder !== around.root });
  const plugins = pluginRows(checkup, around, engine);
  const { project, place, shown, state } = stackRows(checkup, around, engine);
  const read = Promise.all([need(place), need(shown)]).then(([at, all]) =>
    readBySteps(at, all, around.milliseconds),
  );
  // Whoever needs it says so.
  read.catch(() => undefined);
  const config = checkup.add("stack", "Config", async () => {
    const settings = await (await read).config;
    return pass(`${Object.keys(await need(shown)).length} settings, all valid`, settings);
  });
  checkup.add("stack", "Environment files", async () => {
    const settings = await need(config);
    neededRights(withWholePaths(settings));
    return pass(settings.computeEnvironments.join("\n"));
  });
  const fields = credentialRows(checkup, { ...around, shown, read, config, plugin: plugins.onepassword });
  const keys = { keyId: fields.awsAccessKeyIdField, secret: fields.awsSecretAccessKeyField };
  const { credentials, identity } = awsRows(checkup, { ...around, config, ...keys, state, rights });
  const iam = iamOf({ config, credentials, identity });
  iam.catch(() => undefined);
  const keyIds = async () => (await iam).keyIds((await need(config)).userName);
  const { seqeraTokenFields: token, seqeraWorkspaceIdField: workspaceId } = fields;
  const { workspace } = platformRows(checkup, { ...around, config, token, workspaceId, state, keyIds });
  const stack = async () => (await need(place)).stack.split("/").at(-1)!;
  resourceRows(checkup, { config, project, stack, credentials, identity, state, workspace }, iam);
  githubRows(checkup, { ...around, config, token: fields.githubTokenFields, workspaceId, state });
  return checkup;
}
