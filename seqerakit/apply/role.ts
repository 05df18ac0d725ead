import pRetry from "p-retry";
import { stringify } from "yaml";
import { Fault } from "./fault.ts";
import { Unanswered } from "./http.ts";
import { type CredentialsContext, idsOfName, ours } from "./own-credentials.ts";
import { inPrivateFolder } from "./private-folder.ts";
import type { RoleOfferResult, RoleRequest, RoleResult } from "./request.ts";
import { sweepRetired } from "./retired.ts";
import type { Tools } from "./tools.ts";
import { proveCredentials, proveDependants } from "./validate.ts";

/**
 * Makes credentials that name the role, which need not exist yet: the Platform makes up the external id that the role
 * has to ask for. Nothing works by them before they are proven.
 */
export async function offerRole(request: RoleRequest, context: CredentialsContext): Promise<RoleOfferResult> {
  const { credentialsName, roleArn } = request;
  const { workspace, formerId } = context;
  const existing = await ours(credentialsName, context);
  if (!existing) await create(request, context.tools);
  const offered = existing ?? (await ours(credentialsName, context));
  if (!offered)
    throw new Fault("Seqera Platform does not show the credentials that were made for the role.", {
      got: "no credentials of that name",
      allowed: credentialsName,
      mend: "pulumi up",
    });
  const { id, name, keys } = offered;
  const same = keys?.assumeRoleArn === roleArn && keys.mode !== "keys";
  if (!same && id !== formerId)
    throw new Fault("Credentials of that name are on Seqera Platform already, and not for this role.", {
      got: `${name} (${id}) with ${keys?.assumeRoleArn ?? keys?.accessKey ?? "nothing"}`,
      allowed: roleArn,
      mend: "rename or delete them on Seqera Platform; then: pulumi up",
    });
  if (!same || name !== credentialsName) await workspace.restoreRole(id, credentialsName, roleArn);
  const externalId = await workspace.externalId(id);
  if (externalId) return { credentialsId: id, externalId };
  throw new Fault("Credentials on Seqera Platform have no external id, so no role can know them by it.", {
    got: `${credentialsName} (${id}) without one`,
    allowed: "credentials made with an external id; it cannot be had afterwards",
    mend: `tw credentials delete -i ${id}, if no compute environment works by them; then: pulumi up`,
  });
}

/** What was offered, and the role trusts. */
export type Offered = RoleOfferResult;

/** A trust policy is known in some places before others: one good answer is not proof. */
const IN_A_ROW = 3;

/**
 * Has the Platform assume the role until that works, and proves that all which depends on the credentials does.
 * @throws Fault at the limit, with the Platform's last answer; nothing was given these credentials then
 */
export async function proveRole(
  request: RoleRequest,
  { credentialsId, externalId }: Offered,
  context: CredentialsContext,
): Promise<RoleResult> {
  const { workspace } = context;
  const held = (await workspace.credentials()).find(({ id }) => id === credentialsId);
  const asked = held && (await workspace.externalId(credentialsId));
  if (held?.keys?.assumeRoleArn !== request.roleArn || asked !== externalId)
    throw new Fault("The credentials on Seqera Platform are not those that the role trusts.", {
      got: `${held ? `${held.name} (${held.id})` : "none of that id"}${asked === externalId ? "" : ", by another external id"}`,
      allowed: `${request.credentialsName} (${credentialsId}) with ${request.roleArn}`,
      mend: "pulumi up, which looks at them first",
    });
  const patience = { limitSeconds: request.keyProbeSeconds, pollMilliseconds: request.pollMilliseconds };
  const assumed = async () => {
    for (let good = 0; good < IN_A_ROW; good++)
      await proveCredentials(
        workspace,
        credentialsId,
        patience,
        `Seqera Platform cannot assume the role ${request.roleArn}.`,
        "pulumi up; or give AWS longer: pulumi config set AWSMegatests:keyProbeSeconds 300; if somebody has changed or deleted the role: pulumi refresh --run-program --yes, then: pulumi up",
      );
  };
  await pRetry(assumed, {
    retries: Number.POSITIVE_INFINITY,
    factor: 1.5,
    minTimeout: 500,
    maxTimeout: 8000,
    randomize: true,
    maxRetryTime: request.keyProbeSeconds * 1000,
    shouldRetry: ({ error }) => !(error instanceof Unanswered),
  });
  const validated = await proveDependants(workspace, credentialsId, patience);
  const former = [context.formerId, ...(await idsOfName(request.otherName, workspace))];
  return {
    ...{ credentialsId, roleArn: request.roleArn, status: "AVAILABLE", validated },
    retired: await sweepRetired(request, context, [credentialsId, ...former]),
  };
}

/** Where the answer is lost it is asked for again, and `on_exists` finds what was made. */
async function create({ credentialsName, roleArn }: RoleRequest, tools: Tools): Promise<void> {
  await inPrivateFolder(async (folder) => {
    const entry = {
      name: credentialsName,
      type: "aws",
      workspace: "$TOWER_ORGANIZATION/$TOWER_WORKSPACE",
      mode: "role",
      "assume-role-arn": "$ROLE_ARN",
      "generate-external-id": true,
      on_exists: "ignore",
    };
    await folder.write("credentials.yml", stringify({ credentials: [entry] }));
    await tools.seqerakit(folder.path, "credentials.yml", { ROLE_ARN: roleArn });
  });
}
