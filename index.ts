import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "./config.ts";
import { PublishedToGithub } from "./github/index.ts";
import { makeProviders, onePasswordProvider } from "./providers.ts";
import { readSecrets } from "./secrets/index.ts";
import {
  heldKeys,
  lookAtPlatform,
  neededRights,
  offerRole,
  preflight,
  releaseCheck,
  SeqeraPlatform,
} from "./seqerakit/index.ts";
import { WorkBucket } from "./storage/index.ts";
import { answered } from "./time-limit.ts";
import { lookAtAws, TowerForge } from "./towerforge/index.ts";

/** The whole deployment: a stage a line, then what it made. None of the outputs is secret. */
export default async function deploy() {
  const config = loadConfig();
  const vault = onePasswordProvider(config.onepassword);
  const secrets = await readSecrets(config, vault);
  const providers = makeProviders(config, secrets);
  const held = heldKeys(config, secrets.seqera);
  const found = await answered("AWS", config, lookAtAws(config, providers.aws, secrets.awsClients, held));
  const look = await lookAtPlatform({ ...config, ...found, ...found.plan }, secrets.seqera);
  const ready = preflight(config, secrets.seqera, found.plan.trigger, { provider: providers.command });

  const args = { ...config, ...found, look };
  const offer = offerRole(args, secrets.seqera, { provider: providers.command, dependsOn: ready });

  const storage = new WorkBucket("work", config, { provider: providers.aws });
  const towerForge = new TowerForge(
    "towerforge",
    {
      ...config,
      ...found,
      ...neededRights(config),
      bucketArn: storage.bucket.arn,
      mayRelease: releaseCheck(args, secrets.seqera),
      after: [ready],
    },
    offer,
    { provider: providers.aws },
  );
  const seqera = new SeqeraPlatform("seqera", args, towerForge.access, secrets.seqera, {
    provider: providers.command,
  });
  // An id, not a secret: it is published as a variable that every workflow can read.
  const workspaceId = pulumi.unsecret(secrets.seqera.workspaceId);
  const published = new PublishedToGithub(
    "github",
    {
      ...config,
      ...seqera,
      workspaceId,
      bucket: storage.bucket.bucket,
      token: secrets.seqera.token,
      githubToken: secrets.github.token,
    },
    { provider: providers.github },
  );

  return {
    ...towerForge.names,
    forgePolicyArn: towerForge.policyArns.forge,
    launchPolicyArn: towerForge.policyArns.launch,
    s3PolicyArn: towerForge.policyArns.s3,
    credentialsId: seqera.credentialsId,
    computeEnvironmentIds: seqera.computeEnvironmentIdsByName,
    retiredComputeEnvironmentIds: seqera.retiredComputeEnvironmentIds,
    bucket: storage.bucket.bucket,
    workspaceId,
    githubVariables: published.variableNames,
  };
}
