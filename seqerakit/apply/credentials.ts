import { stringify } from "yaml";
import { Fault } from "./fault.ts";
import type { PlatformCredentials } from "./platform.ts";
import { type CredentialsContext, idsOfName, ours } from "./own-credentials.ts";
import { inPrivateFolder } from "./private-folder.ts";
import { type AccessKey, probeKey } from "./probe.ts";
import type { CredentialsRequest, CredentialsResult } from "./request.ts";
import { sweepRetired } from "./retired.ts";
import { proveCredentials, proveDependants } from "./validate.ts";

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
  const validated = await proveDependants(workspace, held.id, patience);
  const former = [context.formerId, ...(await idsOfName(request.otherName, workspace))];
  return {
    credentialsId: held.id,
    accessKeyId: key.accessKeyId,
    status: "AVAILABLE",
    validated,
    retired: await sweepRetired(request, context, [held.id, ...former]),
  };
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
