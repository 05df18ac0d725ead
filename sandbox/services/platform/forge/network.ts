/** Where the machines will be: the subnets and security groups that a file names, or those of a VPC. */
import {
  DescribeAccountAttributesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { ForgeFailure, together } from "./answers.ts";
import type { Job } from "./job.ts";

/** What Batch and EFS are told. */
export interface Network {
  subnets: string[];
  securityGroups: string[];
  /** One subnet of each zone: a file system is mounted once in a zone. */
  zones: string[];
}

/** @throws ForgeFailure when there is no VPC, or nothing in it */
export async function findNetwork(job: Job): Promise<Network> {
  const { ec2, forge } = job;
  const vpc = await findVpc(job);
  const inVpc = { Name: "vpc-id", Values: [vpc] };
  const named = { SubnetIds: forge.subnets, GroupIds: forge.securityGroups };
  const [{ Subnets = [] }, { SecurityGroups = [] }] = await together([
    ec2.send(
      new DescribeSubnetsCommand(
        named.SubnetIds?.length ? { SubnetIds: named.SubnetIds } : { Filters: [inVpc] },
      ),
    ),
    ec2.send(
      new DescribeSecurityGroupsCommand(
        named.GroupIds?.length
          ? { GroupIds: named.GroupIds }
          : { Filters: [inVpc, { Name: "group-name", Values: ["default"] }] },
      ),
    ),
    checkKeyPair(job),
  ]);
  if (Subnets.length === 0) throw new ForgeFailure(`VPC ${vpc} has no subnets`);
  return {
    subnets: ids(Subnets),
    securityGroups: SecurityGroups.map(({ GroupId = "" }) => GroupId),
    zones: ids([...new Map(Subnets.map((subnet) => [subnet.AvailabilityZone, subnet])).values()]),
  };
}

async function findVpc({ ec2, forge }: Job): Promise<string> {
  // moto answers "none" whatever there is, so that the VPC itself is asked for in any case.
  await ec2.send(new DescribeAccountAttributesCommand({ AttributeNames: ["default-vpc"] }));
  const { Vpcs = [] } = await ec2.send(
    new DescribeVpcsCommand(
      forge.vpcId === undefined
        ? { Filters: [{ Name: "is-default", Values: ["true"] }] }
        : { VpcIds: [forge.vpcId] },
    ),
  );
  const [{ VpcId } = {}] = Vpcs;
  if (VpcId === undefined) throw new ForgeFailure("The region has no default VPC");
  return VpcId;
}

async function checkKeyPair({ ec2, forge }: Job): Promise<void> {
  if (forge.ec2KeyPair === undefined) return;
  await ec2.send(new DescribeKeyPairsCommand({ KeyNames: [forge.ec2KeyPair] }));
}

function ids(subnets: Subnet[]): string[] {
  return subnets.map(({ SubnetId = "" }) => SubnetId);
}
