/** An EFS file system of the compute environment's own, mounted in each zone. */
import {
  CreateFileSystemCommand,
  CreateMountTargetCommand,
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
  type FileSystemDescription,
  PutLifecycleConfigurationCommand,
} from "@aws-sdk/client-efs";
import { together, unlessMissing, until } from "./answers.ts";
import { type Job, tagList } from "./job.ts";
import type { Network } from "./network.ts";

const MISSING = ["FileSystemNotFound", "MountTargetNotFound"];
const THERE = ["FileSystemAlreadyExists"];
const MOUNTED = ["MountTargetConflict"];

/**
 * Makes it, and waits until it can be mounted. Its throughput is set as it is made: moto has no UpdateFileSystem.
 * @returns its ARN
 */
export async function makeEfs(job: Job, { zones, securityGroups }: Network): Promise<string> {
  const { efs, names } = job;
  const asked = { CreationToken: names.prefix, Encrypted: true, ThroughputMode: "elastic" } as const;
  await unlessMissing(THERE, efs.send(new CreateFileSystemCommand({ ...asked, Tags: tagList(job) })));
  const { FileSystemId, FileSystemArn = "" } = await until("The file system is not available", async () => {
    const found = await findFileSystem(job);
    return found?.LifeCycleState === "available" ? found : undefined;
  });
  const LifecyclePolicies = [{ TransitionToIA: "AFTER_30_DAYS" } as const];
  await efs.send(new PutLifecycleConfigurationCommand({ FileSystemId, LifecyclePolicies }));
  await together(
    zones.map((SubnetId) => {
      const target = { FileSystemId, SubnetId, SecurityGroups: securityGroups };
      return unlessMissing(MOUNTED, efs.send(new CreateMountTargetCommand(target)));
    }),
  );
  await until("The file system is not mounted", async () => {
    const { MountTargets = [] } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId }));
    return MountTargets.every(({ LifeCycleState }) => LifeCycleState === "available") ? "mounted" : undefined;
  });
  return FileSystemArn;
}

/** A file system that is mounted anywhere is not deleted. */
export async function removeEfs(job: Job): Promise<void> {
  const { efs } = job;
  const FileSystemId = (await findFileSystem(job))?.FileSystemId;
  if (FileSystemId === undefined) return;
  const targets = async () => {
    const { MountTargets = [] } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId }));
    return MountTargets;
  };
  for (const { MountTargetId } of await targets())
    await unlessMissing(MISSING, efs.send(new DeleteMountTargetCommand({ MountTargetId })));
  await until("The file system is still mounted", async () =>
    (await targets()).length === 0 ? "free" : undefined,
  );
  await unlessMissing(MISSING, efs.send(new DeleteFileSystemCommand({ FileSystemId })));
}

async function findFileSystem({ efs, names }: Job): Promise<FileSystemDescription | undefined> {
  const ask = new DescribeFileSystemsCommand({ CreationToken: names.prefix });
  return (await unlessMissing(MISSING, efs.send(ask)))?.FileSystems?.[0];
}
