import { Fault } from "./fault.ts";
import type { Workspace } from "./platform.ts";
import type { ReleaseRequest } from "./request.ts";

/** Proves that no credentials of the workspace hold the access key, which may then be deleted in AWS. */
export async function release({ accessKeyId }: ReleaseRequest, workspace: Workspace): Promise<void> {
  const holders = (await workspace.credentials()).filter(({ keys }) => keys?.accessKey === accessKeyId);
  if (holders.length === 0) return;
  throw new Fault("The access key stays: Seqera Platform would be left with a dead one.", {
    got: holders.map(({ id, name }) => `${accessKeyId} in ${name} (${id})`).join(", "),
    allowed: "a key that no credentials on the Platform hold",
    mend: `pulumi up, which hands the Platform the new key first; to remove all: ${holders.map(({ id }) => `tw credentials delete -i ${id}`).join("; ")}`,
  });
}
