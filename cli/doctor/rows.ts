/** All preconditions of a deployment, each beginning as soon as what it needs is known. */
import { type Identity, roleArnOf, seenIfAllowed } from "../stack/access.ts";
import type { Right } from "../stack/aws.ts";
import type { StackConfig } from "../../config.ts";
import { ask } from "./ask.ts";
import { awsRows } from "./aws.ts";
import { awsService } from "./clock.ts";
import { askAll } from "./engine-answers.ts";
import { configRows } from "./config.ts";
import { credentialRows } from "./credentials.ts";
import { githubRows } from "./github.ts";
import { platformRows } from "./platform.ts";
import { pluginRows } from "./plugins.ts";
import { iamOf, resourceRows } from "./resources.ts";
import { Checkup, need } from "./row.ts";
import { readBySteps } from "./settings.ts";
import { definite, stackRows } from "./stack.ts";
import type { Surroundings } from "./surroundings.ts";
import { isSandbox } from "./sandbox.ts";
import { toolRows } from "./tools.ts";

/** Begins all checks. */
export function beginCheckup(
  around: Surroundings,
  rights: (identity: Identity, config: StackConfig) => Right[],
): Checkup {
  const checkup = new Checkup(around.rowMilliseconds);
  const { engine } = toolRows(checkup, { ...around, sandbox: isSandbox(around.folder) });
  const plugins = pluginRows(checkup, around, engine);
  const { engineMilliseconds: patience } = around;
  const anyStack = { folder: around.folder, stack: around.stack ?? "", env: definite(around.env), patience };
  const answers = askAll(anyStack);
  const { project, place, shown, state } = stackRows(checkup, around, { engine, answers });
  const read = answers.stack.then((stack) =>
    readBySteps({ ...anyStack, stack }, answers.config, around.milliseconds),
  );
  // Whoever needs it says so.
  read.catch(() => undefined);
  const config = configRows(checkup, { shown, read });
  const fields = credentialRows(checkup, { ...around, shown, read, config, plugin: plugins.onepassword });
  const keys = {
    ...{ keyId: fields.awsAccessKeyIdField, secret: fields.awsSecretAccessKeyField },
    sessionToken: fields.awsSessionTokenField,
  };
  const stack = async () => (await need(place)).stack.split("/").at(-1)!;
  const { credentials, identity, aws } = awsRows(checkup, {
    ...{ ...around, config, ...keys, state, rights, stackName: stack },
    stateKeyId: () => answers.stateKeyId,
  });
  const iam = iamOf({ config, credentials, identity });
  iam.catch(() => undefined);
  const { milliseconds } = around;
  const keyIds = async () => {
    const [settings, opened] = [await need(config), await iam];
    const look = seenIfAllowed(settings, opened.keyIds(settings.userName), []);
    return ask(awsService("AWS IAM", settings), milliseconds, look);
  };
  const trust = async (roleName: string) => {
    const [settings, reader] = [await need(config), await aws];
    return ask(awsService("AWS IAM", settings), milliseconds, reader.trust(roleName));
  };
  const { seqeraTokenFields: token, seqeraWorkspaceIdField: workspaceId } = fields;
  const roleArn = async () => roleArnOf(await need(config), await need(identity));
  const { workspace } = platformRows(checkup, {
    ...{ ...around, config, token, workspaceId, state, keyIds, roleArn, trust },
  });
  resourceRows(checkup, {
    ...{ config, project, stack, credentials, identity, state, workspace, milliseconds },
    ...{ iam, aws },
  });
  githubRows(checkup, { ...around, config, token: fields.githubTokenFields, workspaceId, state });
  return checkup;
}
