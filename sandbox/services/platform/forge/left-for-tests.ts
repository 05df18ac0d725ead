/** Everything that Forge could have left in AWS. */
import {
  type BatchClient,
  paginateDescribeComputeEnvironments,
  paginateDescribeJobQueues,
} from "@aws-sdk/client-batch";
import {
  DescribeInstancesCommand,
  type EC2Client,
  paginateDescribeLaunchTemplates,
} from "@aws-sdk/client-ec2";
import { DescribeFileSystemsCommand, type EFSClient } from "@aws-sdk/client-efs";
import { type FSxClient, paginateDescribeFileSystems } from "@aws-sdk/client-fsx";
import { type IAMClient, paginateListInstanceProfiles, paginateListRoles } from "@aws-sdk/client-iam";

/** One client for each service that Forge makes anything in. */
export interface Looking {
  batch: BatchClient;
  ec2: EC2Client;
  efs: EFSClient;
  fsx: FSxClient;
  iam: IAMClient;
}

/** Kinds and names of all there is, sorted. */
export async function left({ batch, ec2, efs, fsx, iam }: Looking): Promise<string[]> {
  const found: (string | undefined)[] = [];
  for await (const page of paginateDescribeComputeEnvironments({ client: batch }, {}))
    found.push(
      ...(page.computeEnvironments ?? []).map((each) => `environment ${each.computeEnvironmentName}`),
    );
  for await (const page of paginateDescribeJobQueues({ client: batch }, {}))
    found.push(...(page.jobQueues ?? []).map((each) => `queue ${each.jobQueueName}`));
  for await (const page of paginateDescribeLaunchTemplates({ client: ec2 }, {}))
    found.push(...(page.LaunchTemplates ?? []).map((each) => `template ${each.LaunchTemplateName}`));
  for await (const page of paginateListRoles({ client: iam }, {}))
    found.push(
      ...(page.Roles ?? [])
        // Those of people who sign in are of every world.
        .filter(({ Path }) => !Path?.startsWith("/aws-reserved/"))
        .map((each) => `role ${each.RoleName}`),
    );
  for await (const page of paginateListInstanceProfiles({ client: iam }, {}))
    found.push(...(page.InstanceProfiles ?? []).map((each) => `profile ${each.InstanceProfileName}`));
  const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand({}));
  found.push(...FileSystems.map(({ Name }) => `file system ${Name}`));
  for await (const page of paginateDescribeFileSystems({ client: fsx }, {}))
    found.push(...(page.FileSystems ?? []).map(({ Tags }) => `Lustre ${Tags?.[0]?.Value}`));
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const machines = Reservations.flatMap(({ Instances = [] }) => Instances);
  found.push(
    ...machines
      .filter(({ State }) => State?.Name !== "terminated")
      .map(({ InstanceId }) => `machine ${InstanceId}`),
  );
  return found.filter((name) => name !== undefined).sort();
}

/** What there is in AWS of an environment, of which only some kinds have some. */
export const consistsOf = (id: string, ...some: string[]) =>
  [
    ...["environment", "queue"].flatMap((kind) =>
      ["head", "work"].map((part) => `${kind} TowerForge-${id}-${part}`),
    ),
    `profile TowerForge-${id}-InstanceRole`,
    ...["ExecutionRole", "InstanceRole", "ServiceRole", ...some.filter((name) => name.endsWith("Role"))].map(
      (name) => `role TowerForge-${id}-${name}`,
    ),
    `template TowerForge-${id}`,
    ...some
      .filter((name) => name === "file system" || name === "Lustre")
      .map((name) => `${name} TowerForge-${id}`),
  ].sort();
