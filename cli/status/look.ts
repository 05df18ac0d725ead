/** Looks at everything that a deployment has made, once. */
import type { StackConfig } from "../../config.ts";
import { nameOfCredentials, neededRights, workspaceById } from "../../seqerakit/index.ts";
import { policiesOf } from "../../towerforge/index.ts";
import { holderOf, type Identity, roleArnOf } from "../stack/access.ts";
import { openAws } from "../stack/aws.ts";
import { manifestsOf, withWholePaths } from "../stack/environments.ts";
import { lastDeployment } from "../stack/history.ts";
import type { StackPlace } from "../stack/place.ts";
import { hasSecret, publishedNow } from "../stack/published.ts";
import type { StackSettings } from "../stack/settings.ts";
import { readState } from "../stack/state.ts";
import { awsLooks } from "./aws.ts";
import { type OwnCredentials, ownOf } from "./credentials.ts";
import { deploymentPart } from "./deployment.ts";
import { lookAtAll, type Part } from "./part.ts";
import { platformLooks } from "./platform.ts";

/** All parts, in the order in which they are shown. */
export async function lookAt(
  place: StackPlace,
  { config, secrets, credentials: keys }: StackSettings,
  now: () => number = Date.now,
): Promise<Part[]> {
  const { platformEndpoint: endpoint, organization, workspace: name, callSeconds } = config;
  const { token, workspaceId } = secrets.seqera;
  const [state, aws] = await Promise.all([
    readState(place),
    openAws(config, keys.provider(), callSeconds * 1000),
  ]);
  const identity = once(() => aws.identity());
  // A key needs no account to be known by.
  const own = once(async (): Promise<OwnCredentials> => {
    const roleArn = config.credentialMode === "role" ? roleArnOf(config, await identity()) : undefined;
    const keyId = state.accessKeys.find(({ replaced }) => !replaced)?.id;
    return { name: nameOfCredentials({ ...config, roleArn }), roleArn, keyId };
  });
  const address = { endpoint, organization, workspace: name, callSeconds };
  const workspace = workspaceById(address, token, Number(workspaceId));
  // Several parts are about the same answers.
  const credentials = once(() => workspace.credentials());
  const github = { githubToken: secrets.github.token, workspaceId };
  const looks = [
    ...awsLooks(aws, {
      ...{ holder: holderOf(config), seqeraPrincipal: config.seqeraPrincipal, state, now },
      externalId: async () => {
        const [held] = ownOf(await credentials(), await own());
        return held && workspace.externalId(held.id);
      },
      policies: async () => programsPolicies(config, await identity()),
      heldKeyIds: async () => (await credentials()).flatMap(({ keys }) => keys?.accessKey ?? []),
    }),
    ...platformLooks(workspace, credentials, {
      ...{ config, own, state, manifests: manifestsOf(config) },
      published: once(() => publishedNow(config, github, state)),
      secretThere: () => hasSecret(config, secrets.github.token),
    }),
    { name: "last deployment", look: async () => deploymentPart(await lastDeployment(place), state) },
  ];
  return lookAtAll(looks);
}

/** As `pulumi up` would have them now. */
function programsPolicies(config: StackConfig, { account, arn }: Identity) {
  const { region, bucket, policyPrefix } = config;
  const partition = arn.split(":")[1] ?? "aws";
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const rights = neededRights(withWholePaths(config));
  return policiesOf(policyPrefix, { ...config, ...rights, ...{ partition, region, account, bucketArn } });
}

/** Asks once, whoever wants the answer. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}
