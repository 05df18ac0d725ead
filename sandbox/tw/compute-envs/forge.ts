/** `tw compute-envs add aws-batch forge`: options to the Platform's config. */
import { readFileSync } from "node:fs";
import { TowerError } from "../errors.ts";
import type { Values } from "../parser/values.ts";
import type { Result, Session } from "../session.ts";
import { type Config, createComputeEnv } from "./create.ts";
import { resourceLabels } from "./labels.ts";

/** Adds an AWS Batch environment whose AWS resources the Platform makes. */
export async function addForge(session: Session, values: Values): Promise<Result> {
  await session.workspaces.idOf(values.text("workspace"));
  return createComputeEnv(session, values, forgeConfig(values), resourceLabels(values.list("labels") ?? []));
}

/** @throws TowerError when Fusion is wanted without Wave, or a file is not there */
export function forgeConfig(values: Values): Config {
  if (values.flag("fusion-v2") && !values.flag("wave"))
    throw new TowerError("Fusion v2 requires Wave service");
  if (values.flag("fusion")) {
    throw new TowerError("Fusion v1 is deprecated, please use '--fusion-v2' instead");
  }
  return {
    discriminator: "aws-batch",
    workDir: values.required("work-dir"),
    preRunScript: file(values.text("pre-run")),
    postRunScript: file(values.text("post-run")),
    nextflowConfig: file(values.text("nextflow-config")),
    environment: environment(values.list("env")),
    region: values.required("region"),
    fusion2Enabled: values.flag("fusion-v2"),
    waveEnabled: values.flag("wave"),
    // The API's own spelling.
    nvnmeStorageEnabled: values.flag("fast-storage"),
    fusionSnapshots: values.flag("snapshots"),
    forge: forge(values),
    cliPath: values.text("cli-path"),
    executionRole: values.text("batch-execution-role"),
    computeJobRole: values.text("compute-job-role"),
    headJobCpus: values.number("head-job-cpus"),
    headJobMemoryMb: values.number("head-job-memory"),
    headJobRole: values.text("head-job-role"),
  };
}

/** Undefined properties do not reach the request. */
function forge(values: Values): Record<string, unknown> {
  const efs = ["create-efs", "efs-id", "efs-mount"].some((key) => values.has(key));
  return {
    type: values.text("provisioning-model") ?? "SPOT",
    minCpus: values.number("min-cpus") ?? 0,
    maxCpus: values.number("max-cpus"),
    gpuEnabled: values.flag("gpu"),
    ebsAutoScale: !values.flag("no-ebs-auto-scale"),
    instanceTypes: values.list("instance-types"),
    allocStrategy: values.text("alloc-strategy"),
    imageId: values.text("ami-id"),
    vpcId: values.text("vpc-id"),
    subnets: values.list("subnets"),
    securityGroups: values.list("security-groups"),
    ebsBlockSize: values.number("ebs-blocksize"),
    ebsBootSize: values.number("boot-disk-size"),
    ec2KeyPair: values.text("key-pair"),
    bidPercentage: values.number("bid-percentage"),
    allowBuckets: values.list("allow-buckets"),
    disposeOnDeletion: !values.flag("preserve-resources"),
    fargateHeadEnabled: values.flag("fargate"),
    ecsConfig: file(values.text("ecs-config")),
    efsCreate: efs ? values.flag("create-efs") : undefined,
    efsId: values.text("efs-id"),
    efsMount: values.text("efs-mount"),
    fsxName: values.text("fsx-dns"),
    fsxSize: values.number("fsx-size"),
    fsxMount: values.text("fsx-mount"),
  };
}

function environment(pairs: readonly string[] | undefined): object[] | undefined {
  return pairs?.map((pair) => {
    const [, where, name, value] = /^(?:(head|compute|both):)?([^=]*)=?([^]*)$/.exec(pair) ?? [];
    return { name, value, head: where !== "compute", compute: where === "compute" || where === "both" };
  });
}

function file(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new TowerError(`File not found. ${path}`, { cause });
  }
}
