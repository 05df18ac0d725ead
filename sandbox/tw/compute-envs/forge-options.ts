/** The options of `tw compute-envs add aws-batch forge`, by the part of the request they go to. */
import type { OptionSpec } from "../parser/spec.ts";

const ALLOCATION = [
  "BEST_FIT",
  "BEST_FIT_PROGRESSIVE",
  "SPOT_CAPACITY_OPTIMIZED",
  "SPOT_PRICE_CAPACITY_OPTIMIZED",
];

const text = (name: string, label: string, description: string): OptionSpec => ({
  names: [`--${name}`],
  label,
  description,
});
const int = (name: string, label: string, description: string): OptionSpec => ({
  ...text(name, label, description),
  type: "int",
});
const list = (name: string, label: string, description: string): OptionSpec => ({
  ...text(name, label, description),
  split: true,
});
const flag = (name: string, description: string): OptionSpec => ({ names: [`--${name}`], description });

/** All of them, without those every new compute environment has. */
export const FORGE_OPTIONS: readonly OptionSpec[] = [
  { ...text("work-dir", "workDir", "Work directory, s3://…"), required: true },
  { names: ["-r", "--region"], label: "region", required: true, description: "AWS region." },
  { ...int("max-cpus", "maxCpus", "Most CPUs at a time."), required: true },
  {
    ...text("provisioning-model", "provisioningModel", "SPOT or EC2 (on demand) [default: SPOT]."),
    type: ["SPOT", "EC2"],
  },
  flag("no-ebs-auto-scale", "No EBS disk that grows."),
  flag("fusion", "DEPRECATED - Use '--fusion-v2' instead."),
  flag("fusion-v2", "Fusion file system (requires Wave)."),
  flag("wave", "Wave containers."),
  flag("fast-storage", "NVMe instance storage (requires Fusion)."),
  flag("snapshots", "Fusion Snapshots (requires Fusion)."),
  flag("fargate", "Head job on Fargate (requires Fusion and SPOT)."),
  flag("gpu", "GPU instances."),
  list("allow-buckets", "bucket", "Further buckets to read and write."),
  flag("preserve-resources", "Keep the AWS resources when the environment is deleted."),
  text("ecs-config", "ecsConfig", "File appended to /etc/ecs/ecs.config."),
  text("pre-run", "preRunScript", "Pre-run script file."),
  text("post-run", "postRunScript", "Post-run script file."),
  text("nextflow-config", "config", "Nextflow config file."),
  {
    names: ["-e", "--env"],
    label: "key=value",
    repeated: true,
    description:
      "Environment variable of the head job; 'compute:' or 'both:' before its name says otherwise.",
  },
  flag("create-efs", "Make an EFS."),
  text("efs-id", "efsId", "EFS id."),
  text("efs-mount", "efsMount", "EFS mount path."),
  int("fsx-size", "fsxSize", "FSx size in GB."),
  text("fsx-dns", "fsxDns", "FSx DNS name."),
  text("fsx-mount", "fsxMount", "FSx mount path."),
  list("instance-types", "type", "Instance types or families."),
  { ...text("alloc-strategy", "allocStrategy", "Allocation strategy."), type: ALLOCATION },
  text("vpc-id", "vpcId", "VPC id."),
  list("subnets", "subnet", "Subnets."),
  list("security-groups", "group", "Security groups."),
  text("ami-id", "amiId", "AMI of one's own."),
  text("key-pair", "keyPair", "EC2 key pair for SSH."),
  int("min-cpus", "minCpus", "CPUs that always run [default: 0]."),
  int("boot-disk-size", "bootDiskSizeGb", "Boot disk in GB."),
  int("head-job-cpus", "headJobCpus", "CPUs of the head job."),
  int("head-job-memory", "headJobMemoryMb", "Memory of the head job in MiB."),
  text("head-job-role", "headJobRole", "IAM role of the head job."),
  text("compute-job-role", "computeJobRole", "IAM role of the compute jobs."),
  text("batch-execution-role", "batchExecutionRole", "Execution role of ECS."),
  int("ebs-blocksize", "ebsBlockSize", "First size of the growing disk in GB."),
  int("bid-percentage", "bidPercentage", "Highest Spot price, in percent of on demand."),
  text("cli-path", "cliPath", "Where the AWS CLI is on the instances."),
];
