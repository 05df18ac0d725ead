import { AWS_AUTHORIZATION, type Grant, inRegion, type Scope, SEQERA_DOCS } from "./grant.ts";

/** Launch: submitting a run's jobs, watching them, and reading their logs. */
export function launchGrants(scope: Scope): Grant[] {
  const { partition, region, account } = scope;
  const batch = `arn:${partition}:batch:${region}:${account}`;
  const ecs = `arn:${partition}:ecs:${region}:${account}`;
  const logs = `arn:${partition}:logs:${region}:${account}:log-group:/aws/batch/job`;
  return [
    {
      sid: "LaunchJobs",
      why: "the Platform submits the head job to Forge's queues",
      source: SEQERA_DOCS,
      actions: ["batch:SubmitJob"],
      resources: [`${batch}:job-queue/TowerForge-*`, `${batch}:job-definition/*`],
    },
    {
      sid: "LaunchJobDefinitions",
      why: "a run's head job has a definition of its own, tagged with the run",
      source: SEQERA_DOCS,
      actions: ["batch:RegisterJobDefinition", "batch:TagResource"],
      resources: [`${batch}:job-definition/*`],
    },
    {
      sid: "LaunchEnd",
      why: "a run is cancelled by ending its jobs; jobs are tagged with their run",
      source: SEQERA_DOCS,
      actions: ["batch:CancelJob", "batch:TerminateJob", "batch:TagResource"],
      resources: [`${batch}:job/*`],
    },
    {
      sid: "LaunchWatch",
      why: "state of queues, jobs and machines; AWS binds none of these to a resource",
      source: AWS_AUTHORIZATION,
      actions: [
        "batch:DescribeComputeEnvironments",
        "batch:DescribeJobDefinitions",
        "batch:DescribeJobQueues",
        "batch:DescribeJobs",
        "batch:ListJobs",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypes",
      ],
      resources: ["*"],
      conditions: inRegion(scope),
    },
    {
      sid: "LaunchTasks",
      why: "which machine of Batch's cluster a job ran on",
      source: SEQERA_DOCS,
      actions: ["ecs:DescribeContainerInstances", "ecs:DescribeTasks"],
      resources: [`${ecs}:container-instance/*`, `${ecs}:task/*`],
    },
    {
      sid: "LaunchLogs",
      why: "a job's log is shown on the Platform; Batch writes all of them to this one group",
      source: "https://docs.aws.amazon.com/batch/latest/userguide/using_cloudwatch_logs.html",
      actions: ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"],
      resources: [logs, `${logs}:*`],
    },
    {
      sid: "LaunchLogQueries",
      why: "finding the group, and reading and stopping a query that was started on it",
      source: AWS_AUTHORIZATION,
      actions: ["logs:DescribeLogGroups", "logs:GetQueryResults", "logs:StopQuery"],
      resources: ["*"],
      conditions: inRegion(scope),
    },
  ];
}
