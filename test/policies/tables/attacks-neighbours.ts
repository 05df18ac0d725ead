/** What a thief of the key would try on machines, queues and stacks of others, elsewhere too: each must be denied. */
import { callsIn, type Place, type Row } from "./row.ts";

const ELSEWHERE: Record<string, string> = {
  aws: "us-west-2",
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-east-1",
};
const STRANGER = "999999999999";

export function neighbourAttacks(place: Place): Row[] {
  const { call, regional } = callsIn(place);
  const row = (what: string, ...calls: Row["calls"]): Row => ({ group: "neighbours", what, calls });
  const batch = (rest: string, ...names: string[]) =>
    names.map((name) => row(`${name} on ${rest}`, call(`batch:${name}`, regional("batch", rest))));
  const ec2 = (rest: string, ...names: string[]) =>
    names.map((name) => row(`${name} on ${rest}`, call(`ec2:${name}`, regional("ec2", rest))));
  return [
    ...batch(
      "compute-environment/lab",
      "CreateComputeEnvironment",
      "UpdateComputeEnvironment",
      "DeleteComputeEnvironment",
    ),
    ...batch("compute-environment/lab", "TagResource"),
    ...batch(
      "job-queue/lab",
      "CreateJobQueue",
      "UpdateJobQueue",
      "DeleteJobQueue",
      "SubmitJob",
      "TagResource",
    ),
    ...batch("scheduling-policy/lab", "CreateSchedulingPolicy", "DeleteSchedulingPolicy"),
    ...batch("job-definition/lab:1", "DeregisterJobDefinition"),
    ...ec2(
      "instance/i-0fedcba9876543210",
      "RunInstances",
      "TerminateInstances",
      "StopInstances",
      "RebootInstances",
    ),
    ...ec2("instance/i-0fedcba9876543210", "GetConsoleOutput", "GetPasswordData", "CreateTags"),
    row(
      "read the user data of another's machine",
      call("ec2:DescribeInstanceAttribute", regional("ec2", "instance/i-0fedcba9876543210"), {
        "ec2:InstanceProfile": callsIn(place).iam("instance-profile/lab-database"),
      }),
    ),
    ...ec2("security-group/sg-0fedcba9876543210", "AuthorizeSecurityGroupIngress", "DeleteSecurityGroup"),
    ...ec2("volume/vol-0fedcba9876543210", "DeleteVolume", "AttachVolume", "CreateSnapshot"),
    ...ec2("key-pair/lab", "CreateKeyPair", "DeleteKeyPair", "ImportKeyPair"),
    ...ec2("vpc/vpc-0fedcba9876543210", "DeleteVpc"),
    ...ec2("subnet/subnet-0fedcba9876543210", "DeleteSubnet"),
    row("stop another's ECS task", call("ecs:StopTask", regional("ecs", "task/lab/0123456789abcdef"))),
    row("delete another's cluster", call("ecs:DeleteCluster", regional("ecs", "cluster/lab"))),
    ...elsewhere(place),
  ];
}

/** The same names in another region, and in another account. */
function elsewhere(place: Place): Row[] {
  const region =
    ELSEWHERE[place.partition] === place.region
      ? `${place.region.slice(0, -1)}9`
      : ELSEWHERE[place.partition]!;
  const there = callsIn({ ...place, region });
  const theirs = callsIn({ ...place, account: STRANGER });
  const row = (group: string, what: string, ...calls: Row["calls"]): Row => ({ group, what, calls });
  const forged = "TowerForge-4kFcDmzGYKS2W0H0S9TVVf";
  const resources: [action: string, service: string, rest: string][] = [
    ["batch:CreateComputeEnvironment", "batch", `compute-environment/${forged}-work`],
    ["batch:DeleteJobQueue", "batch", `job-queue/${forged}-work`],
    ["batch:SubmitJob", "batch", `job-queue/${forged}-head`],
    ["batch:RegisterJobDefinition", "batch", "job-definition/nf-head"],
    ["batch:TerminateJob", "batch", "job/0e3c1f0a"],
    ["ec2:CreateLaunchTemplate", "ec2", "launch-template/*"],
    ["ec2:DeleteLaunchTemplate", "ec2", "launch-template/lt-0fedcba9876543210"],
    ["logs:GetLogEvents", "logs", "log-group:/aws/batch/job:log-stream:a"],
    ["ecs:DescribeTasks", "ecs", "task/lab/0123456789abcdef"],
    ["secretsmanager:CreateSecret", "secretsmanager", "secret:tower-1-AbCdEf"],
    ["elasticfilesystem:DeleteFileSystem", "elasticfilesystem", "file-system/fs-0fedcba9876543210"],
    ["fsx:DeleteFileSystem", "fsx", "file-system/fs-0fedcba9876543210"],
    ["ssm:GetParameters", "ssm", "parameter/aws/service/ecs/optimized-ami/amazon-linux-2/recommended"],
  ];
  const looks = [
    ...["batch:DescribeJobs", "batch:ListJobs", "batch:DescribeJobQueues", "ec2:DescribeInstances"],
    ...[
      "ec2:DescribeVpcs",
      "ec2:DescribeLaunchTemplates",
      "logs:DescribeLogGroups",
      "secretsmanager:ListSecrets",
    ],
    ...["fsx:DescribeFileSystems", "elasticfilesystem:CreateFileSystem"],
  ];
  return [
    ...resources.map(([action, service, rest]) =>
      row("another region", `${action} in ${region}`, there.call(action, there.regional(service, rest))),
    ),
    ...looks.map((action) => row("another region", `${action} in ${region}`, there.call(action))),
    // What has no resource cannot name an account: AWS answers for one's own.
    ...resources
      .filter(([action]) => action !== "ssm:GetParameters")
      .map(([action, service, rest]) =>
        row(
          "another account",
          `${action} in ${STRANGER}`,
          theirs.call(action, theirs.regional(service, rest)),
        ),
      ),
    row(
      "another account",
      "pass their role to Batch",
      theirs.pass(`${forged}-ServiceRole`, "batch.amazonaws.com"),
    ),
  ];
}
