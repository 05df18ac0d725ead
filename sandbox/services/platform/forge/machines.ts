/** What the machines will be: the ECS-optimised image and the instance types, of those that a file wants. */
import {
  type _InstanceType,
  type ArchitectureType,
  DescribeImagesCommand,
  DescribeInstanceTypeOfferingsCommand,
  paginateDescribeInstanceTypes,
} from "@aws-sdk/client-ec2";
import { GetParametersCommand } from "@aws-sdk/client-ssm";
import { ForgeFailure, together } from "./answers.ts";
import type { Job } from "./job.ts";

/** What launch template and Batch are told. */
export interface Machines {
  image: { id: string; rootDevice: string };
  /** Families or single types. */
  instanceTypes: string[];
}

/** A file may name none: what Batch calls the machines of its own choice, which are x86. */
const ANY = "optimal";

/** @throws ForgeFailure when there is no image, or the region has none of the instance types */
export async function findMachines(job: Job): Promise<Machines> {
  const [image, instanceTypes] = await together([findImage(job), findInstanceTypes(job)]);
  return { image, instanceTypes };
}

/** The path of the image's id below /aws/service/ecs/. */
function parameterOf({ forge }: Job): string {
  const kind = forge.gpuEnabled === true ? "gpu/" : forge.arm64Enabled === true ? "arm64/" : "";
  return `/aws/service/ecs/optimized-ami/amazon-linux-2023/${kind}recommended/image_id`;
}

async function findImage(job: Job): Promise<Machines["image"]> {
  const { ec2, ssm, forge } = job;
  const Name = parameterOf(job);
  const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: [Name] }));
  const id = forge.imageId ?? Parameters[0]?.Value;
  if (id === undefined) throw new ForgeFailure(`The region has no parameter ${Name}`);
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  return { id, rootDevice: Images[0]?.RootDeviceName ?? "/dev/xvda" };
}

async function findInstanceTypes({ ec2, forge }: Job): Promise<string[]> {
  const wanted = forge.instanceTypes?.length ? forge.instanceTypes : [ANY];
  if (wanted.includes(ANY)) return wanted;
  const architecture: ArchitectureType = forge.arm64Enabled === true ? "arm64" : "x86_64";
  const names = wanted.map((name) => (name.includes(".") ? name : `${name}.*`));
  const known: string[] = [];
  const Filters = [{ Name: "instance-type", Values: names }];
  for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client: ec2 }, { Filters }))
    for (const { InstanceType = "", ProcessorInfo } of InstanceTypes)
      if (ProcessorInfo?.SupportedArchitectures?.includes(architecture)) known.push(InstanceType);
  const offered = await offeredOf(ec2, known);
  const found = wanted.filter((name) => offered.some((type) => type === name || type.startsWith(`${name}.`)));
  if (found.length > 0) return found;
  throw new ForgeFailure(`The region has no ${architecture} machines of ${wanted.join(", ")}`);
}

/** Types by their full names: moto finds nothing by `c6id.*` here, as AWS does. */
async function offeredOf(ec2: Job["ec2"], types: string[]): Promise<string[]> {
  if (types.length === 0) return [];
  const Filters = [{ Name: "instance-type", Values: types }];
  const ask = new DescribeInstanceTypeOfferingsCommand({ LocationType: "availability-zone", Filters });
  const { InstanceTypeOfferings = [] } = await ec2.send(ask);
  return InstanceTypeOfferings.map(({ InstanceType }) => InstanceType as _InstanceType);
}
