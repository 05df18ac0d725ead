/** Batch's own: a compute environment each for the head job and the tasks, and a queue in front of it. */
import {
  type ComputeResource,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
} from "@aws-sdk/client-batch";
import { ForgeFailure, together, until } from "./answers.ts";
import type { Job } from "./job.ts";
import type { MadeTemplate } from "./launch-template.ts";
import type { Machines } from "./machines.ts";
import type { Part } from "./names.ts";
import type { Network } from "./network.ts";
import type { MadeRoles } from "./roles.ts";

/** What the environments are made of. */
export interface Ingredients {
  network: Network;
  machines: Machines;
  template: MadeTemplate;
  made: MadeRoles;
}

/** ARNs of what was made for one part. */
export interface MadePart {
  environment: string;
  queue: string;
}

/** Makes both parts side by side, and waits until they are VALID. */
export async function makeBatch(job: Job, ingredients: Ingredients): Promise<Record<Part, MadePart>> {
  const resources = resourcesOf(job, ingredients);
  const serviceRole = ingredients.made.roles.ServiceRole ?? "";
  const [head, work] = await together([
    makePart(job, "head", resources.head, serviceRole),
    makePart(job, "work", resources.work, serviceRole),
  ]);
  return { head, work };
}

function resourcesOf(job: Job, { network, machines, template, made }: Ingredients) {
  const { forge, tags } = job;
  const where = { subnets: network.subnets, securityGroupIds: network.securityGroups };
  const onMachines: ComputeResource = {
    ...where,
    type: "EC2",
    minvCpus: 0,
    maxvCpus: forge.maxCpus,
    instanceTypes: machines.instanceTypes,
    instanceRole: made.instanceProfile,
    ec2KeyPair: forge.ec2KeyPair,
    launchTemplate: { launchTemplateId: template.id, version: template.version },
    ec2Configuration: [
      {
        imageType: forge.gpuEnabled === true ? "ECS_AL2023_NVIDIA" : "ECS_AL2023",
        imageIdOverride: machines.image.id,
      },
    ],
    tags,
  };
  const spot: Partial<ComputeResource> = {
    type: "SPOT",
    allocationStrategy: forge.allocStrategy ?? "SPOT_PRICE_CAPACITY_OPTIMIZED",
    bidPercentage: forge.bidPercentage,
    spotIamFleetRole: made.roles.FleetRole,
  };
  const onDemand: Partial<ComputeResource> = {
    allocationStrategy: forge.allocStrategy ?? "BEST_FIT_PROGRESSIVE",
  };
  const work = { ...onMachines, ...(forge.type === "SPOT" ? spot : onDemand), minvCpus: forge.minCpus };
  // A head job that loses its machine loses the run: it is never on Spot.
  const head: ComputeResource = forge.fargateHeadEnabled
    ? { ...where, type: "FARGATE", maxvCpus: forge.maxCpus }
    : { ...onMachines, allocationStrategy: "BEST_FIT_PROGRESSIVE" };
  return { head, work };
}

async function makePart(
  job: Job,
  part: Part,
  computeResources: ComputeResource,
  serviceRole: string,
): Promise<MadePart> {
  const { batch, names, tags } = job;
  const name = names.batch(part);
  if ((await describeEnvironment(job, name)) === undefined) {
    const asked = { computeEnvironmentName: name, type: "MANAGED", state: "ENABLED" } as const;
    await batch.send(new CreateComputeEnvironmentCommand({ ...asked, serviceRole, computeResources, tags }));
  }
  const environment = await until(`Compute environment ${name} is not VALID`, async () =>
    arnOfValid(name, await describeEnvironment(job, name)),
  );
  if ((await describeQueue(job, name)) === undefined) {
    const computeEnvironmentOrder = [{ order: 1, computeEnvironment: environment }];
    const asked = { jobQueueName: name, priority: 1, state: "ENABLED" } as const;
    await batch.send(new CreateJobQueueCommand({ ...asked, computeEnvironmentOrder, tags }));
  }
  const queue = await until(`Job queue ${name} is not VALID`, async () =>
    arnOfValid(name, await describeQueue(job, name)),
  );
  return { environment, queue };
}

/** What Batch says of a compute environment or a queue. */
export interface Described {
  arn?: string;
  status?: string;
  statusReason?: string;
}

/** @returns undefined when Batch has none of that name */
export async function describeEnvironment({ batch }: Job, name: string): Promise<Described | undefined> {
  const ask = new DescribeComputeEnvironmentsCommand({ computeEnvironments: [name] });
  const [found] = (await batch.send(ask)).computeEnvironments ?? [];
  return found && { ...found, arn: found.computeEnvironmentArn };
}

/** @returns undefined when Batch has none of that name */
export async function describeQueue({ batch }: Job, name: string): Promise<Described | undefined> {
  const [found] = (await batch.send(new DescribeJobQueuesCommand({ jobQueues: [name] }))).jobQueues ?? [];
  return found && { ...found, arn: found.jobQueueArn };
}

function arnOfValid(name: string, described: Described | undefined): string | undefined {
  if (described?.status === "INVALID")
    throw new ForgeFailure(`${name} is INVALID: ${described.statusReason}`);
  return described?.status === "VALID" ? described.arn : undefined;
}
