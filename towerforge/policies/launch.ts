import { AWS_AUTHORIZATION, type Grant, inRegion, type Scope, SEQERA_DOCS } from "./grant.ts";
import { mailGrants, namedRoleGrants, secretGrants } from "./launch-options.ts";

/** What the Launch policy is made for. */
export interface LaunchArgs extends Scope {
  /** Names of the log groups that the compute environments' jobs write to. */
  logGroups: string[];
  /** ARNs of roles that the compute environments' files name, to run jobs under, besides Forge's own. */
  namedRoles: string[];
  /** Whether pipeline secrets may be kept in AWS Secrets Manager. */
  secretsRights: boolean;
  /** Whether mail may be sent by SES. */
  sesRights: boolean;
}

/** Launch: submitting a run's jobs, watching them, and reading their logs. */
export function launchGrants(args: LaunchArgs): Grant[] {
  return [
    ...jobs(args),
    ...watching(args),
    ...logs(args),
    ...(args.namedRoles.length > 0 ? namedRoleGrants(args.namedRoles) : []),
    ...(args.secretsRights ? secretGrants(args) : []),
    ...(args.sesRights ? mailGrants(args) : []),
  ];
}

function jobs({ partition, region, account }: Scope): Grant[] {
  const batch = `arn:${partition}:batch:${region}:${account}`;
  return [
    {
      sid: "LaunchJobs",
      actions: { "batch:SubmitJob": "the head job is submitted to Forge's queue" },
      source: SEQERA_DOCS,
      // Jobs and their definitions bear names of the pipelines: only the queue is Forge's.
      resources: [`${batch}:job-queue/TowerForge-*`, `${batch}:job-definition/*`, `${batch}:job/*`],
      narrower: "this region and account",
    },
    {
      sid: "LaunchJobDefinitions",
      actions: { "batch:RegisterJobDefinition": "a run's head job has a definition of its own" },
      source: SEQERA_DOCS,
      resources: [`${batch}:job-definition/*`],
      narrower: "this region and account",
    },
    {
      sid: "LaunchTags",
      actions: { "batch:TagResource": "jobs and definitions are made with the run's labels as tags" },
      source: SEQERA_DOCS,
      resources: [`${batch}:job/*`, `${batch}:job-definition/*`],
      narrower: "this region and account",
    },
    {
      sid: "LaunchEnd",
      actions: {
        "batch:CancelJob": "a run is cancelled: jobs that wait",
        "batch:TerminateJob": "a run is cancelled: jobs that run",
      },
      source: SEQERA_DOCS,
      resources: [`${batch}:job/*`],
      narrower: "this region and account",
    },
  ];
}

function watching(scope: Scope): Grant[] {
  const { partition, region, account } = scope;
  const ecs = `arn:${partition}:ecs:${region}:${account}`;
  return [
    {
      sid: "LaunchWatch",
      actions: {
        "batch:DescribeComputeEnvironments": "state of Forge's compute environments; the key's probe",
        "batch:DescribeJobDefinitions": "is there a definition for the run already",
        "batch:DescribeJobQueues": "state of Forge's queues",
        "batch:DescribeJobs": "state of a run's jobs",
        "batch:ListJobs": "a run's jobs, where only the queue is known",
        "ec2:DescribeImages": "the image a file names",
        "ec2:DescribeInstances": "kind, zone and price of a job's machine",
        "ec2:DescribeInstanceStatus": "whether a Spot machine is about to be taken away",
        "ec2:DescribeInstanceTypes": "processors and memory of an instance type",
      },
      source: AWS_AUTHORIZATION,
      resources: ["*"],
      conditions: inRegion(scope),
      narrower: "this region; AWS binds none of these to a resource",
    },
    {
      sid: "LaunchMachines",
      actions: { "ec2:DescribeInstanceAttribute": "one attribute of a job's machine" },
      source: "https://github.com/seqeralabs/nf-tower-aws/blob/master/launch/launch-policy.json",
      resources: [`arn:${partition}:ec2:${region}:${account}:instance/*`],
      // An attribute can be a machine's user data: other machines keep theirs to themselves.
      conditions: {
        ArnLike: {
          "ec2:InstanceProfile": `arn:${partition}:iam::${account}:instance-profile/TowerForge-*`,
        },
      },
      narrower: "machines that run under an instance profile of Forge's",
    },
    {
      sid: "LaunchTasks",
      actions: {
        "ecs:DescribeContainerInstances": "which machine of Batch's cluster a job ran on",
        "ecs:DescribeTasks": "which container instance a job's task is on",
      },
      source: "https://github.com/seqeralabs/nf-tower-aws/blob/master/launch/launch-policy.json",
      // Batch makes the cluster and gives it a name of its own.
      resources: [`${ecs}:container-instance/*`, `${ecs}:task/*`],
      narrower: "this region and account",
    },
  ];
}

function logs({ logGroups, ...scope }: LaunchArgs): Grant[] {
  const { partition, region, account } = scope;
  const groups = logGroups.map((name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}`);
  return [
    {
      sid: "LaunchLogs",
      actions: {
        "logs:DescribeLogStreams": "the stream of a job",
        "logs:FilterLogEvents": "searching a job's log",
        "logs:GetLogEvents": "a job's log, shown on the Platform",
        "logs:GetQueryResults": "what a query has found",
        "logs:StartQuery": "a query over the runs' logs",
      },
      source: "https://docs.aws.amazon.com/batch/latest/userguide/using_cloudwatch_logs.html",
      resources: groups.flatMap((group) => [group, `${group}:*`]),
      narrower: "the log groups of the compute environments, where Seqera allows to read every log",
    },
    {
      sid: "LaunchLogQueries",
      actions: {
        "logs:DescribeLogGroups": "finding the group",
        "logs:StopQuery": "ending a query",
        "logs:TestMetricFilter": "trying a pattern on text that is sent along; it reads no log",
      },
      source: AWS_AUTHORIZATION,
      resources: ["*"],
      conditions: inRegion(scope),
      narrower: "this region; AWS binds none of these to a resource",
    },
  ];
}
