import { stringify } from "yaml";
import { Fault } from "./fault.ts";
import { isRetired } from "./names.ts";
import type { PlatformCredentials, Workspace } from "./platform.ts";
import { inPrivateFolder } from "./private-folder.ts";
import { type AccessKey, probeKey } from "./probe.ts";
import type { CredentialsRequest, CredentialsResult } from "./request.ts";
import { sweepRetired } from "./retired.ts";
import type { Tools } from "./tools.ts";
import { proveComputeEnv, proveCredentials } from "./validate.ts";

/** What the steps on credentials work with. */
export interface CredentialsContext {
  workspace: Workspace;
  tools: Tools;
  /** The id this stack's credentials had after the last deployment; undefined at the first. */
  formerId: string | undefined;
}

/** Hands the key to the Platform, in place where there are credentials, and proves that all work with it. */
export async function applyCredentials(
  request: CredentialsRequest,
  key: AccessKey,
  context: CredentialsContext,
): Promise<CredentialsResult> {
  const { workspace } = context;
  await probeKey(key, request);
  const existing = await ours(request.credentialsName, context);
  if (!existing) await create(request, key, context);
  else if (existing.name === request.credentialsName) await update(existing, key, context);
  else await workspace.nameCredentials(existing.id, request.credentialsName, key);

  const held = await ours(request.credentialsName, context);
  if (held?.keys?.accessKey !== key.accessKeyId)
    throw new Fault("Seqera Platform does not hold the new access key.", {
      got: held?.keys?.accessKey ?? "no credentials of that name",
      allowed: key.accessKeyId,
      mend: "pulumi up",
    });
  const patience = { limitSeconds: request.keyProbeSeconds, pollMilliseconds: request.pollMilliseconds };
  await proveCredentials(workspace, held.id, patience);
  const dependants = (await workspace.computeEnvs()).filter(
    (env) =>
      env.credentialsId === held.id && ["AVAILABLE", "INVALID"].includes(env.status) && !isRetired(env),
  );
  // They turn INVALID with their credentials and do not heal by themselves.
  await Promise.all(dependants.map((env) => proveComputeEnv(workspace, env, patience)));
  return {
    credentialsId: held.id,
    accessKeyId: key.accessKeyId,
    status: "AVAILABLE",
    validated: dependants.length,
    retired: await sweepRetired(request, context, [held.id, context.formerId]),
  };
}

/** The stack's own by id, else the only ones of that name. */
async function ours(
  name: string,
  { workspace, formerId }: CredentialsContext,
): Promise<PlatformCredentials | undefined> {
  const all = await workspace.credentials();
  const former = all.find(({ id }) => id === formerId);
  if (former) return former;
  const named = all.filter((each) => each.name === name && each.provider === "aws");
  if (named.length <= 1) return named[0];
  throw new Fault(
    "Several credentials on Seqera Platform have that name, and none is known to be the stack's.",
    {
      got: named.map(({ id }) => id).join(", "),
      allowed: `one set of AWS credentials named ${name}`,
      mend: "delete or rename the ones that no compute environment uses; then: pulumi up",
    },
  );
}

/** The id stays, and so do the compute environments that refer to it. */
async function update(
  { id }: PlatformCredentials,
  key: AccessKey,
  { tools }: CredentialsContext,
): Promise<void> {
  await inPrivateFolder(async (folder) => {
    const file = await folder.write("secret", key.secretAccessKey);
    await tools.tw(["credentials", "update", "aws", "-i", id, "-a", key.accessKeyId, "-s", `@${file}`]);
  });
}

async function create(
  { credentialsName }: CredentialsRequest,
  key: AccessKey,
  { tools }: CredentialsContext,
) {
  await inPrivateFolder(async (folder) => {
    const secretFile = await folder.write("secret", key.secretAccessKey);
    const entry = {
      name: credentialsName,
      type: "aws",
      workspace: "$TOWER_ORGANIZATION/$TOWER_WORKSPACE",
      "access-key": "$ACCESS_KEY_ID",
      // seqerakit puts the word on tw's command line as it stands; tw reads the file.
      "secret-key": "@$SECRET_FILE",
      on_exists: "ignore",
    };
    await folder.write("credentials.yml", stringify({ credentials: [entry] }));
    await tools.seqerakit(folder.path, "credentials.yml", {
      ACCESS_KEY_ID: key.accessKeyId,
      SECRET_FILE: secretFile,
    });
  });
}
