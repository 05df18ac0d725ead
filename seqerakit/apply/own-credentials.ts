import { Fault } from "./fault.ts";
import type { PlatformCredentials, Workspace } from "./platform.ts";
import type { Tools } from "./tools.ts";

/** What the steps on credentials work with. */
export interface CredentialsContext {
  workspace: Workspace;
  tools: Tools;
  /** The id this stack's credentials had after the last deployment; undefined at the first. */
  formerId: string | undefined;
}

/** Ids of AWS credentials of that name: those of the stack's other mode, as long as there are any. */
export async function idsOfName(name: string | undefined, workspace: Workspace): Promise<string[]> {
  const all = await workspace.credentials();
  return all.filter((each) => each.name === name && each.provider === "aws").map(({ id }) => id);
}

/** The stack's own by id, else the only ones of that name. */
export async function ours(
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
