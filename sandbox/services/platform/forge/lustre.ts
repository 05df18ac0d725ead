/** An FSx for Lustre file system of the compute environment's own. */
import {
  CreateFileSystemCommand,
  DeleteFileSystemCommand,
  type FileSystem,
  paginateDescribeFileSystems,
} from "@aws-sdk/client-fsx";
import { ForgeFailure, unlessMissing, until } from "./answers.ts";
import { type Job, tagList } from "./job.ts";
import type { Network } from "./network.ts";

const MISSING = ["FileSystemNotFound"];

/**
 * Makes it of the size the file gives, and waits until it can be mounted.
 * @returns its ARN
 */
export async function makeLustre(job: Job, { subnets, securityGroups }: Network): Promise<string> {
  const { fsx, forge, names } = job;
  const asked = { FileSystemType: "LUSTRE", StorageCapacity: forge.fsxSize } as const;
  // Lustre lies in one zone.
  const where = { SubnetIds: subnets.slice(0, 1), SecurityGroupIds: securityGroups };
  if ((await findLustre(job)) === undefined) {
    const tags = { ClientRequestToken: names.prefix, Tags: tagList(job) };
    await fsx.send(new CreateFileSystemCommand({ ...asked, ...where, ...tags }));
  }
  return until("The Lustre file system is not available", async () => {
    const { Lifecycle, ResourceARN, FailureDetails } = (await findLustre(job)) ?? {};
    if (Lifecycle === "FAILED")
      throw new ForgeFailure(`The Lustre file system is FAILED: ${FailureDetails?.Message}`);
    // moto says nothing of the state.
    return Lifecycle === undefined || Lifecycle === "AVAILABLE" ? ResourceARN : undefined;
  });
}

/** What is being deleted already is left alone. */
export async function removeLustre(job: Job): Promise<void> {
  const { FileSystemId, Lifecycle } = (await findLustre(job)) ?? {};
  if (FileSystemId === undefined || Lifecycle === "DELETING") return;
  await unlessMissing(MISSING, job.fsx.send(new DeleteFileSystemCommand({ FileSystemId })));
}

/** FSx finds none by its token or its name: all are asked for. */
async function findLustre({ fsx, names }: Job): Promise<FileSystem | undefined> {
  for await (const { FileSystems = [] } of paginateDescribeFileSystems({ client: fsx }, {})) {
    const own = FileSystems.find(({ Tags }) =>
      Tags?.some(({ Key, Value }) => Key === "Name" && Value === names.prefix),
    );
    if (own !== undefined) return own;
  }
  return undefined;
}
