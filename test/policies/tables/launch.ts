/** What a run asks of AWS by the key: launched, watched, cancelled, its logs read, its files looked at. */
import { callsIn, type Place, type Row } from "./row.ts";

/** What a stack's runs may do besides. */
export interface LaunchSwitches {
  logGroups: string[];
  namedRoles: string[];
  secretsRights: boolean;
  sesRights: boolean;
  dataExplorerRights: boolean;
}

const QUEUE = "job-queue/TowerForge-4kFcDmzGYKS2W0H0S9TVVf-head";
const JOB = "job/0e3c1f0a-6f0a-4c9e-9d5b-0d6a1f2b3c4d";

/** @returns the rows of runs, with what the switches allow */
export function launchRows(place: Place, switches: LaunchSwitches): Row[] {
  return [
    ...launching(place),
    ...watching(place),
    ...switches.logGroups.flatMap((name) => logs(place, name)),
    ...files(place),
    ...options(place, switches),
  ];
}

function launching(place: Place): Row[] {
  const { call, regional, pass } = callsIn(place);
  const batch = (name: string, rest: string) => call(`batch:${name}`, regional("batch", rest));
  const definition = "job-definition/nf-head-rnaseq";
  return [
    {
      group: "launch",
      what: "define the head job",
      calls: [
        call("batch:DescribeJobDefinitions"),
        batch("RegisterJobDefinition", definition),
        batch("TagResource", `${definition}:1`),
        pass("TowerForge-4kFcDmzGYKS2W0H0S9TVVf-ExecutionRole", "ecs-tasks.amazonaws.com"),
        pass("TowerForge-4kFcDmzGYKS2W0H0S9TVVf-FargateRole", "ecs-tasks.amazonaws.com"),
      ],
    },
    {
      group: "launch",
      what: "submit it",
      calls: [
        batch("SubmitJob", QUEUE),
        batch("SubmitJob", `${definition}:1`),
        batch("SubmitJob", JOB),
        batch("TagResource", JOB),
      ],
    },
    { group: "cancel", what: "a job that waits", calls: [batch("CancelJob", JOB)] },
    { group: "cancel", what: "a job that runs", calls: [batch("TerminateJob", JOB)] },
  ];
}

function watching(place: Place): Row[] {
  const { call, regional, iam } = callsIn(place);
  const all = (service: string, ...names: string[]) => names.map((name) => call(`${service}:${name}`));
  const profile = iam("instance-profile/TowerForge-4kFcDmzGYKS2W0H0S9TVVf-InstanceRole");
  return [
    {
      group: "watch",
      what: "states of queues and jobs",
      calls: all("batch", "DescribeComputeEnvironments", "DescribeJobQueues", "DescribeJobs", "ListJobs"),
    },
    {
      group: "watch",
      what: "a job's task and container instance",
      calls: [
        call("ecs:DescribeTasks", regional("ecs", "task/TowerForge-work_Batch_1/0123456789abcdef")),
        call(
          "ecs:DescribeContainerInstances",
          regional("ecs", "container-instance/TowerForge-work_Batch_1/0123456789abcdef"),
        ),
      ],
    },
    {
      group: "watch",
      what: "a job's machine",
      calls: [
        ...all(
          "ec2",
          "DescribeInstances",
          "DescribeInstanceStatus",
          "DescribeInstanceTypes",
          "DescribeImages",
        ),
        call("ec2:DescribeInstanceAttribute", regional("ec2", "instance/i-0123456789abcdef0"), {
          "ec2:InstanceProfile": profile,
        }),
      ],
    },
  ];
}

function logs(place: Place, name: string): Row[] {
  const { call, regional } = callsIn(place);
  const group = regional("logs", `log-group:${name}`);
  const stream = `${group}:log-stream:nf-head/default/0123456789abcdef`;
  const on = (...names: string[]) => names.map((each) => call(`logs:${each}`, group));
  return [
    {
      group: "logs",
      what: `find a job's log in ${name}`,
      calls: [call("logs:DescribeLogGroups"), ...on("DescribeLogStreams")],
    },
    { group: "logs", what: `read it in ${name}`, calls: [call("logs:GetLogEvents", stream)] },
    {
      group: "logs",
      what: `search ${name}`,
      calls: [...on("FilterLogEvents"), call("logs:TestMetricFilter")],
    },
    {
      group: "logs",
      what: `query ${name}`,
      calls: [
        ...on("StartQuery"),
        call("logs:StartQuery", `${group}:*`),
        ...on("GetQueryResults"),
        call("logs:StopQuery"),
      ],
    },
  ];
}

function files(place: Place): Row[] {
  const { call } = callsIn(place);
  const bucket = `arn:${place.partition}:s3:::${place.bucket}`;
  const object = `${bucket}/runs/4f/0123456789abcdef/.command.log`;
  const on = (...names: string[]) => names.map((name) => call(`s3:${name}`, object));
  return [
    {
      group: "files",
      what: "is the bucket there",
      calls: [call("s3:GetBucketLocation", bucket), call("s3:ListBucket", bucket)],
    },
    { group: "files", what: "read a report", calls: on("GetObject") },
    { group: "files", what: "write and mark launch files", calls: on("PutObject", "PutObjectTagging") },
    { group: "files", what: "clean up", calls: on("DeleteObject") },
  ];
}

function options(place: Place, switches: LaunchSwitches): Row[] {
  const { call, regional } = callsIn(place);
  const secret = regional("secretsmanager", "secret:tower-4kFcDmzGYKS2W0/TOKEN-AbCdEf");
  const rows: Row[] = switches.namedRoles.map((role) => ({
    group: "launch",
    what: `run jobs under ${role}`,
    calls: [call("iam:PassRole", role, { "iam:PassedToService": "ecs-tasks.amazonaws.com" })],
  }));
  if (switches.secretsRights)
    rows.push({
      group: "secrets",
      what: "put a run's secret there, and take it away",
      calls: [
        ...["CreateSecret", "DescribeSecret", "DeleteSecret"].map((name) =>
          call(`secretsmanager:${name}`, secret),
        ),
        call("secretsmanager:ListSecrets"),
      ],
    });
  if (switches.sesRights)
    rows.push({
      group: "mail",
      what: "send a run's mail",
      calls: [call("ses:SendRawEmail", regional("ses", "identity/example.org"))],
    });
  if (switches.dataExplorerRights)
    rows.push({
      group: "Data Explorer",
      what: "list the buckets",
      calls: [
        call("s3:ListAllMyBuckets"),
        call("s3:ListAllMyBuckets", "*", { "aws:RequestedRegion": "us-east-1" }),
      ],
    });
  return rows;
}
