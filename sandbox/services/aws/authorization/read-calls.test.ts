import {
  BatchClient,
  CancelJobCommand,
  CreateComputeEnvironmentCommand,
  CreateConsumableResourceCommand,
  CreateJobQueueCommand,
  DeregisterJobDefinitionCommand,
  DescribeJobsCommand,
  ListTagsForResourceCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from "@aws-sdk/client-batch";
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceTypesCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateFileSystemCommand,
  CreateMountTargetCommand,
  DeleteMountTargetCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
  EFSClient,
  PutLifecycleConfigurationCommand,
  TagResourceCommand as TagFileSystemCommand,
} from "@aws-sdk/client-efs";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  CreateUserCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { CALLER, CAPTURING, jsonRequest, rightsOf, rightsOfRequest } from "./rights-for-tests.ts";
import { Unreadable } from "./reading.ts";

const A = "123456789012";
const iam = new IAMClient(CAPTURING);
const sts = new STSClient(CAPTURING);
const batch = new BatchClient(CAPTURING);
const ec2 = new EC2Client(CAPTURING);
const efs = new EFSClient(CAPTURING);
const ssm = new SSMClient(CAPTURING);
const secrets = new SecretsManagerClient(CAPTURING);

const role = (name: string) => `arn:aws:iam::${A}:role/${name}`;
const env = (name: string) => `arn:aws:batch:eu-west-1:${A}:compute-environment/${name}`;
const queue = (name: string) => `arn:aws:batch:eu-west-1:${A}:job-queue/${name}`;
const definition = (name: string) => `arn:aws:batch:eu-west-1:${A}:job-definition/${name}`;
const template = (id: string) => `arn:aws:ec2:eu-west-1:${A}:launch-template/${id}`;
const files = (id: string) => `arn:aws:elasticfilesystem:eu-west-1:${A}:file-system/${id}`;

/** A right in one line: action, resource and those condition keys it has. */
const lines = (rights: Awaited<ReturnType<typeof rightsOf>>) =>
  rights.map(({ action, resource, context = {} }) =>
    [action, resource, ...Object.entries(context).map(([key, value]) => `${key}=${String(value)}`)].join(" "),
  );

type Row = [what: string, sending: () => Promise<unknown>, rights: string[], facts?: Record<string, unknown>];

const IAM: Row[] = [
  ["a list", () => iam.send(new ListRolesCommand({})), ["iam:ListRoles *"]],
  [
    "a user that is made with a path",
    () => iam.send(new CreateUserCommand({ UserName: "u", Path: "/lab/" })),
    [`iam:CreateUser arn:aws:iam::${A}:user/lab/u`],
  ],
  [
    "a user that has a path and tags",
    () => iam.send(new GetUserCommand({ UserName: "u" })),
    [`iam:GetUser arn:aws:iam::${A}:user/lab/u aws:ResourceTag/a=1 iam:ResourceTag/a=1`],
    { "user u": { arn: `arn:aws:iam::${A}:user/lab/u`, tags: { a: "1" } } },
  ],
  ["oneself", () => iam.send(new CreateAccessKeyCommand({})), [`iam:CreateAccessKey ${CALLER}`]],
  [
    "a key's owner",
    () => iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: "AKIA1" })),
    [`iam:GetAccessKeyLastUsed arn:aws:iam::${A}:user/u`],
    { "key-owner AKIA1": `arn:aws:iam::${A}:user/u` },
  ],
  [
    "a role made with tags and a boundary",
    () =>
      iam.send(
        new CreateRoleCommand({
          RoleName: "r",
          AssumeRolePolicyDocument: "{}",
          PermissionsBoundary: "arn:b",
          Tags: [{ Key: "a", Value: "1" }],
        }),
      ),
    ["CreateRole", "TagRole"].map(
      (name) => `iam:${name} ${role("r")} iam:PermissionsBoundary=arn:b aws:TagKeys=a aws:RequestTag/a=1`,
    ),
  ],
  [
    "a role's own policy",
    () => iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "p", PolicyDocument: "{}" })),
    [`iam:PutRolePolicy ${role("r")}`],
  ],
  [
    "a policy for a role",
    () => iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn: "arn:p" })),
    [`iam:AttachRolePolicy ${role("r")} iam:PolicyARN=arn:p`],
  ],
  [
    "a role for machines",
    () => iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "i", RoleName: "r" })),
    [
      `iam:AddRoleToInstanceProfile arn:aws:iam::${A}:instance-profile/i`,
      `iam:PassRole ${role("lab/r")} iam:PassedToService=ec2.amazonaws.com`,
    ],
    { "role r": { arn: role("lab/r"), tags: {}, trust: "{}" } },
  ],
  [
    "a policy that is made",
    () => iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: "{}" })),
    [`iam:CreatePolicy arn:aws:iam::${A}:policy/p`],
  ],
  [
    "a policy",
    () => iam.send(new ListPolicyVersionsCommand({ PolicyArn: `arn:aws:iam::${A}:policy/p` })),
    [`iam:ListPolicyVersions arn:aws:iam::${A}:policy/p iam:PolicyARN=arn:aws:iam::${A}:policy/p`],
  ],
  [
    "a service's role",
    () => iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "spot.amazonaws.com" })),
    [
      `iam:CreateServiceLinkedRole ${role("aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot")} iam:AWSServiceName=spot.amazonaws.com`,
    ],
  ],
];

const STS: Row[] = [
  ["oneself", () => sts.send(new GetCallerIdentityCommand({})), ["sts:GetCallerIdentity *"]],
  [
    "a role",
    () =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: role("r"),
          RoleSessionName: "s",
          ExternalId: "e",
          Tags: [{ Key: "a", Value: "1" }],
          TransitiveTagKeys: ["a"],
          SourceIdentity: "me",
        }),
      ),
    ["AssumeRole", "TagSession", "SetSourceIdentity"].map(
      (name) =>
        `sts:${name} ${role("r")} aws:TagKeys=a aws:RequestTag/a=1 sts:ExternalId=e sts:RoleSessionName=s sts:SourceIdentity=me sts:TransitiveTagKeys=a`,
    ),
  ],
];

const BATCH: Row[] = [
  [
    "a compute environment with all roles and tags",
    () =>
      batch.send(
        new CreateComputeEnvironmentCommand({
          computeEnvironmentName: "e",
          type: "MANAGED",
          serviceRole: role("service"),
          computeResources: {
            type: "SPOT",
            maxvCpus: 1,
            subnets: [],
            instanceRole: `arn:aws:iam::${A}:instance-profile/machines`,
            spotIamFleetRole: role("fleet"),
          },
          tags: { a: "1" },
        }),
      ),
    [
      `batch:CreateComputeEnvironment ${env("e")} aws:TagKeys=a aws:RequestTag/a=1`,
      `batch:TagResource ${env("e")} aws:TagKeys=a aws:RequestTag/a=1`,
      `iam:PassRole ${role("service")} iam:PassedToService=batch.amazonaws.com`,
      `iam:PassRole ${role("of-machines")} iam:PassedToService=ec2.amazonaws.com`,
      `iam:PassRole ${role("fleet")} iam:PassedToService=spotfleet.amazonaws.com`,
    ],
    {
      "instance-profile machines": { arn: "arn:i", tags: {}, roles: [role("of-machines")] },
    },
  ],
  [
    "a compute environment that is changed",
    () =>
      batch.send(
        new UpdateComputeEnvironmentCommand({ computeEnvironment: env("e"), serviceRole: "service" }),
      ),
    [
      `batch:UpdateComputeEnvironment ${env("e")}`,
      `iam:PassRole ${role("service")} iam:PassedToService=batch.amazonaws.com`,
    ],
  ],
  [
    "a queue, and what is behind it",
    () =>
      batch.send(
        new CreateJobQueueCommand({
          jobQueueName: "q",
          priority: 1,
          computeEnvironmentOrder: [
            { order: 1, computeEnvironment: "e" },
            { order: 2, computeEnvironment: env("f") },
          ],
        }),
      ),
    [
      `batch:CreateJobQueue ${queue("q")}`,
      `batch:CreateJobQueue ${env("e")}`,
      `batch:CreateJobQueue ${env("f")}`,
    ],
  ],
  [
    "a queue that is disabled",
    () => batch.send(new UpdateJobQueueCommand({ jobQueue: "q", state: "DISABLED" })),
    [`batch:UpdateJobQueue ${queue("q")}`],
  ],
  [
    "a definition with roles",
    () =>
      batch.send(
        new RegisterJobDefinitionCommand({
          jobDefinitionName: "d",
          type: "container",
          containerProperties: {
            image: "nextflow",
            privileged: true,
            jobRoleArn: role("job"),
            executionRoleArn: role("execution"),
            logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "g" } },
          },
          tags: { a: "1" },
        }),
      ),
    [
      `batch:RegisterJobDefinition ${definition("d")} aws:TagKeys=a aws:RequestTag/a=1 batch:Image=nextflow batch:Privileged=true batch:LogDriver=awslogs batch:AWSLogsGroup=g`,
      `batch:TagResource ${definition("d:*")} aws:TagKeys=a aws:RequestTag/a=1`,
      `iam:PassRole ${role("job")} iam:PassedToService=ecs-tasks.amazonaws.com`,
      `iam:PassRole ${role("execution")} iam:PassedToService=ecs-tasks.amazonaws.com`,
    ],
  ],
  [
    "a definition's roles, wherever they stand",
    () =>
      batch.send(
        new RegisterJobDefinitionCommand({
          jobDefinitionName: "d",
          type: "multinode",
          nodeProperties: {
            mainNode: 0,
            numNodes: 1,
            nodeRangeProperties: [
              { targetNodes: "0", container: { image: "i", jobRoleArn: role("node") } },
              {
                targetNodes: "1",
                ecsProperties: { taskProperties: [{ containers: [], taskRoleArn: role("task") }] },
              },
            ],
          },
        }),
      ),
    [
      `batch:RegisterJobDefinition ${definition("d")}`,
      `iam:PassRole ${role("node")} iam:PassedToService=ecs-tasks.amazonaws.com`,
      `iam:PassRole ${role("task")} iam:PassedToService=ecs-tasks.amazonaws.com`,
    ],
  ],
  [
    "a definition that is taken back",
    () => batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: "d:3" })),
    [`batch:DeregisterJobDefinition ${definition("d:3")}`],
  ],
  [
    "a job with tags",
    () =>
      batch.send(
        new SubmitJobCommand({ jobName: "j", jobQueue: "q", jobDefinition: "d:1", tags: { a: "1" } }),
      ),
    [
      `batch:SubmitJob ${queue("q")} aws:TagKeys=a aws:RequestTag/a=1`,
      `batch:SubmitJob ${definition("d:1")} aws:TagKeys=a aws:RequestTag/a=1`,
      `batch:TagResource arn:aws:batch:eu-west-1:${A}:job/* aws:TagKeys=a aws:RequestTag/a=1`,
    ],
  ],
  [
    "a job that is cancelled",
    () => batch.send(new CancelJobCommand({ jobId: "1", reason: "x" })),
    [`batch:CancelJob arn:aws:batch:eu-west-1:${A}:job/1`],
  ],
  ["jobs", () => batch.send(new DescribeJobsCommand({ jobs: ["1"] })), ["batch:DescribeJobs *"]],
  [
    "tags",
    () => batch.send(new ListTagsForResourceCommand({ resourceArn: queue("q") })),
    [`batch:ListTagsForResource ${queue("q")}`],
  ],
  [
    "tags that are set",
    () => batch.send(new TagResourceCommand({ resourceArn: queue("q"), tags: { a: "1" } })),
    [`batch:TagResource ${queue("q")} aws:TagKeys=a aws:RequestTag/a=1`],
  ],
  [
    "tags that are taken away",
    () => batch.send(new UntagResourceCommand({ resourceArn: queue("q"), tagKeys: ["a", "b"] })),
    [`batch:UntagResource ${queue("q")} aws:TagKeys=a,b`],
  ],
];

const MACHINES: Row[] = [
  [
    "what is only looked at",
    () => ec2.send(new DescribeInstanceTypesCommand({})),
    ["ec2:DescribeInstanceTypes *"],
  ],
  [
    "a launch template with tags",
    () =>
      ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: "t",
          LaunchTemplateData: {},
          TagSpecifications: [{ ResourceType: "launch-template", Tags: [{ Key: "a", Value: "1" }] }],
        }),
      ),
    [
      `ec2:CreateLaunchTemplate ${template("*")} aws:TagKeys=a aws:RequestTag/a=1`,
      `ec2:CreateTags ${template("*")} aws:TagKeys=a aws:RequestTag/a=1 ec2:CreateAction=CreateLaunchTemplate`,
    ],
  ],
  [
    "a launch template by name",
    () => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: "t" })),
    [`ec2:DeleteLaunchTemplate ${template("lt-1")}`],
    { "launch-template t": "lt-1" },
  ],
  [
    "a machine's attribute",
    () => ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: "i-1", Attribute: "userData" })),
    [`ec2:DescribeInstanceAttribute arn:aws:ec2:eu-west-1:${A}:instance/i-1 ec2:InstanceProfile=arn:p`],
    { "instance i-1": "arn:p" },
  ],
];

const FILES: Row[] = [
  [
    "a file system that is made",
    () =>
      efs.send(
        new CreateFileSystemCommand({
          CreationToken: "t",
          Encrypted: true,
          Tags: [{ Key: "a", Value: "1" }],
        }),
      ),
    [
      "elasticfilesystem:CreateFileSystem * aws:TagKeys=a aws:RequestTag/a=1 elasticfilesystem:Encrypted=true",
      `elasticfilesystem:TagResource ${files("*")} aws:TagKeys=a aws:RequestTag/a=1`,
    ],
  ],
  [
    "file systems",
    () => efs.send(new DescribeFileSystemsCommand({})),
    [`elasticfilesystem:DescribeFileSystems ${files("*")}`],
  ],
  [
    "one file system",
    () => efs.send(new DescribeFileSystemsCommand({ FileSystemId: "fs-1" })),
    [`elasticfilesystem:DescribeFileSystems ${files("fs-1")}`],
  ],
  [
    "a file system's life cycle",
    () => efs.send(new PutLifecycleConfigurationCommand({ FileSystemId: "fs-1", LifecyclePolicies: [] })),
    [`elasticfilesystem:PutLifecycleConfiguration ${files("fs-1")}`],
  ],
  [
    "a mount",
    () => efs.send(new CreateMountTargetCommand({ FileSystemId: "fs-1", SubnetId: "subnet-1" })),
    [`elasticfilesystem:CreateMountTarget ${files("fs-1")}`],
  ],
  [
    "mounts",
    () => efs.send(new DescribeMountTargetsCommand({ FileSystemId: "fs-1" })),
    [`elasticfilesystem:DescribeMountTargets ${files("fs-1")}`],
  ],
  [
    "a mount that is taken away",
    () => efs.send(new DeleteMountTargetCommand({ MountTargetId: "fsmt-1" })),
    [`elasticfilesystem:DeleteMountTarget ${files("fs-1")}`],
    { "mount-target fsmt-1": "fs-1" },
  ],
  [
    "a file system's tags",
    () => efs.send(new TagFileSystemCommand({ ResourceId: "fs-1", Tags: [{ Key: "a", Value: "1" }] })),
    [`elasticfilesystem:TagResource ${files("fs-1")} aws:TagKeys=a aws:RequestTag/a=1`],
  ],
];

const OTHERS: Row[] = [
  [
    "parameters",
    () => ssm.send(new GetParametersCommand({ Names: ["/aws/service/ecs/a", "b"] })),
    [
      `ssm:GetParameters arn:aws:ssm:eu-west-1:${A}:parameter/aws/service/ecs/a`,
      `ssm:GetParameters arn:aws:ssm:eu-west-1:${A}:parameter/b`,
    ],
  ],
  ["secrets", () => secrets.send(new ListSecretsCommand({})), ["secretsmanager:ListSecrets *"]],
  [
    "a secret that is made",
    () => secrets.send(new CreateSecretCommand({ Name: "tower-1/a" })),
    [
      `secretsmanager:CreateSecret arn:aws:secretsmanager:eu-west-1:${A}:secret:tower-1/a-?????? secretsmanager:Name=tower-1/a`,
    ],
  ],
  [
    "a secret",
    () => secrets.send(new DescribeSecretCommand({ SecretId: "tower-1/a" })),
    ["secretsmanager:DescribeSecret arn:secret secretsmanager:Name=tower-1/a"],
    { "secret tower-1/a": "arn:secret" },
  ],
];

describe.each([
  ["IAM", IAM],
  ["STS", STS],
  ["Batch", BATCH],
  ["EC2", MACHINES],
  ["EFS", FILES],
  ["other services", OTHERS],
])("of %s", (_, rows) => {
  it.each(rows)("%s", async (_what, sending, rights, facts) => {
    expect(lines(await rightsOf(sending(), facts))).toEqual(rights);
  });
});

const log = (name: string) => `arn:aws:logs:eu-west-1:${A}:log-group:${name}`;
const JSON_ROWS: [
  what: string,
  request: [service: string, target: string, body: object],
  rights: string[],
][] = [
  ["log groups", ["logs", "Logs.DescribeLogGroups", {}], ["logs:DescribeLogGroups *"]],
  [
    "a job's log",
    ["logs", "Logs.GetLogEvents", { logGroupName: "/aws/batch/job", logStreamName: "s/1" }],
    [`logs:GetLogEvents ${log("/aws/batch/job:log-stream:s/1")}`],
  ],
  [
    "a group's log",
    ["logs", "Logs.FilterLogEvents", { logGroupIdentifier: `${log("g")}:*` }],
    [`logs:FilterLogEvents ${log("g")}`],
  ],
  [
    "a query over several groups",
    ["logs", "Logs.StartQuery", { logGroupNames: ["g", "h"], queryString: "fields" }],
    [`logs:StartQuery ${log("g")}`, `logs:StartQuery ${log("h")}`],
  ],
  [
    "what a query has found",
    ["logs", "Logs.GetQueryResults", { queryId: "1" }],
    [`logs:GetQueryResults ${log("g")}`, `logs:GetQueryResults ${log("h")}`],
  ],
  ["the end of a query", ["logs", "Logs.StopQuery", { queryId: "1" }], ["logs:StopQuery *"]],
  [
    "tasks of a cluster",
    ["ecs", "AmazonEC2ContainerServiceV20141113.DescribeTasks", { cluster: "c", tasks: ["1"] }],
    [
      `ecs:DescribeTasks arn:aws:ecs:eu-west-1:${A}:task/c/1 ecs:cluster=arn:aws:ecs:eu-west-1:${A}:cluster/c`,
    ],
  ],
  [
    "a file system for Lustre",
    ["fsx", "AWSSimbaAPIService_v20180301.CreateFileSystem", { Tags: [{ Key: "a", Value: "1" }] }],
    ["CreateFileSystem", "TagResource"].map(
      (name) => `fsx:${name} arn:aws:fsx:eu-west-1:${A}:file-system/* aws:TagKeys=a aws:RequestTag/a=1`,
    ),
  ],
  ["what no service here knows", ["athena", "AmazonAthena.ListWorkGroups", {}], ["athena:ListWorkGroups *"]],
];

it.each(JSON_ROWS)("of a JSON service: %s", async (_what, request, rights) => {
  const facts = { "query 1": ["g", "h"] };
  expect(lines(await rightsOfRequest(jsonRequest(...request), facts))).toEqual(rights);
});

const run = new RunInstancesCommand({ MinCount: 1, MaxCount: 1 });
const linked = new CreateServiceLinkedRoleCommand({ AWSServiceName: "new.amazonaws.com" });
const UNREADABLE: [what: string, sending: () => Promise<unknown>, why: string][] = [
  ["machines", () => rightsOf(ec2.send(run)), "of EC2 it knows launch templates and what is only looked at"],
  [
    "a part of Batch it does not know",
    () => rightsOf(batch.send(new CreateConsumableResourceCommand({ consumableResourceName: "a" }))),
    "of Batch it knows compute environments, queues, definitions and jobs",
  ],
  [
    "a service's role of an unknown name",
    () => rightsOf(iam.send(linked)),
    "what new.amazonaws.com calls its role is not known here",
  ],
  [
    "a service that is none",
    () => rightsOfRequest(jsonRequest("forge", "Forge.Make", {})),
    "IAM knows no action forge:Make",
  ],
  [
    "an action with resources of a service it does not know",
    () => rightsOfRequest(jsonRequest("athena", "AmazonAthena.StartQueryExecution", {})),
    "of this service it knows only actions that AWS binds to no resource",
  ],
  [
    "a group that is not named",
    () => rightsOfRequest(jsonRequest("logs", "Logs.FilterLogEvents", {})),
    "it names no log group",
  ],
  [
    "an action in two places",
    () =>
      rightsOfRequest({
        ...jsonRequest("logs", "Logs.DescribeLogGroups", {}),
        query: { Action: "DeleteLogGroup" },
      }),
    "it names two actions",
  ],
];

it.each(UNREADABLE)("does not read %s", async (_what, sending, why) => {
  await expect(sending()).rejects.toThrow(new Unreadable(why));
});
