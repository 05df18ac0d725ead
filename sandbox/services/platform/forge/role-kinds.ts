/** The roles of a compute environment, and what each may do. */
import type { Job } from "./job.ts";
import type { RoleName } from "./names.ts";

/** A role before it is made. */
export interface RoleKind {
  name: RoleName;
  /** The service that is given the role. */
  service: string;
  /** AWS's own policies, as their ARNs end behind `:policy/`. */
  managed: string[];
  /** Rights of its own. @default none */
  own?: object;
}

/** All of them; a kind of compute environment has three to five. */
export const ROLE_NAMES: RoleName[] = [
  "ServiceRole",
  "InstanceRole",
  "ExecutionRole",
  "FleetRole",
  "FargateRole",
];

/** The roles this compute environment needs: a fleet role on Spot, one for the head job where that runs on Fargate. */
export function roleKinds(job: Pick<Job, "forge" | "buckets">): RoleKind[] {
  const own = rightsOfJobs(job);
  return [
    { name: "ServiceRole", service: "batch.amazonaws.com", managed: ["service-role/AWSBatchServiceRole"] },
    {
      name: "InstanceRole",
      service: "ec2.amazonaws.com",
      managed: ["service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonS3ReadOnlyAccess"],
      own,
    },
    {
      name: "ExecutionRole",
      service: "ecs-tasks.amazonaws.com",
      managed: ["service-role/AmazonECSTaskExecutionRolePolicy"],
    },
    ...(job.forge.type === "SPOT"
      ? [
          {
            name: "FleetRole",
            service: "spotfleet.amazonaws.com",
            managed: ["service-role/AmazonEC2SpotFleetTaggingRole"],
          } satisfies RoleKind,
        ]
      : []),
    ...(job.forge.fargateHeadEnabled === true
      ? [{ name: "FargateRole", service: "ecs-tasks.amazonaws.com", managed: [], own } satisfies RoleKind]
      : []),
  ];
}

/** Who may take the role. */
export function trustIn(service: string): object {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
}

/** What a run needs on its own machines: its tasks as jobs of Batch, and the buckets. */
function rightsOfJobs({ buckets }: Pick<Job, "buckets">): object {
  const arns = buckets.map((bucket) => `arn:aws:s3:::${bucket}`);
  const jobs = ["CancelJob", "Describe*", "ListJobs", "RegisterJobDefinition", "SubmitJob", "TagResource"];
  const machines = ["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "ecs:DescribeTasks"];
  const all = [...[...jobs, "TerminateJob"].map((name) => `batch:${name}`), ...machines];
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: [...all, "ecs:DescribeContainerInstances"], Resource: "*" },
      { Effect: "Allow", Action: ["s3:GetBucketLocation", "s3:ListBucket"], Resource: arns },
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"],
        Resource: arns.map((arn) => `${arn}/*`),
      },
    ],
  };
}
