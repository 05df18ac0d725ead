/**
 * Batch: names and ARNs of what an action touches, and the roles it hands on.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html
 */
import type { Facts } from "../identity.ts";
import { list, need, record, text } from "../parts.ts";
import { arnOf, passRole, type ReadableRequest, type Right, Unreadable } from "../reading.ts";
import { requestTags } from "../tags.ts";

const COMPUTE_ENVIRONMENT = "compute-environment";
const JOB_QUEUE = "job-queue";
const JOB_DEFINITION = "job-definition";

/** The kinds of things that actions name, besides what they are about. */
type Subjects = [type: string, name: unknown][];

const SUBJECTS: Record<string, (json: Record<string, unknown>) => Subjects> = {
  CreateComputeEnvironment: (json) => [[COMPUTE_ENVIRONMENT, json.computeEnvironmentName]],
  UpdateComputeEnvironment: (json) => [[COMPUTE_ENVIRONMENT, json.computeEnvironment]],
  DeleteComputeEnvironment: (json) => [[COMPUTE_ENVIRONMENT, json.computeEnvironment]],
  CreateJobQueue: (json) => [[JOB_QUEUE, json.jobQueueName], ...behindQueue(json)],
  UpdateJobQueue: (json) => [[JOB_QUEUE, json.jobQueue], ...behindQueue(json)],
  DeleteJobQueue: (json) => [[JOB_QUEUE, json.jobQueue]],
  RegisterJobDefinition: (json) => [[JOB_DEFINITION, json.jobDefinitionName]],
  DeregisterJobDefinition: (json) => [[JOB_DEFINITION, json.jobDefinition]],
  // IAM's list has the job too, but it has no id yet, and AWS's examples name queue and definition alone:
  // https://docs.aws.amazon.com/batch/latest/userguide/iam-example-job-def.html
  SubmitJob: (json) => [
    [JOB_QUEUE, json.jobQueue],
    [JOB_DEFINITION, json.jobDefinition],
  ],
  CancelJob: (json) => [["job", json.jobId]],
  TerminateJob: (json) => [["job", json.jobId]],
  CreateSchedulingPolicy: (json) => [["scheduling-policy", json.name]],
  UpdateSchedulingPolicy: (json) => [["scheduling-policy", json.arn]],
  DeleteSchedulingPolicy: (json) => [["scheduling-policy", json.arn]],
};

/** Actions on any resource, whose ARN is in the path: `/v1/tags/arn:…`. */
const ON_TAGS = ["ListTagsForResource", "TagResource", "UntagResource"];
/** Actions that AWS binds to no resource. */
const ON_ALL = /^(Describe|List)/;

export function readBatch(request: ReadableRequest, facts: Facts): Right[] {
  const { action, json, path, query } = request;
  const tags = requestTags(record(json.tags) as Record<string, string>);
  if (ON_TAGS.includes(action)) {
    const context = action === "UntagResource" ? { "aws:TagKeys": query.getAll("tagKeys") } : tags;
    return [{ action: `batch:${action}`, resource: path.replace("/v1/tags/", ""), context }];
  }
  const subjects = SUBJECTS[action]?.(json);
  if (subjects === undefined) {
    if (ON_ALL.test(action)) return [{ action: `batch:${action}`, resource: "*" }];
    throw new Unreadable("of Batch it knows compute environments, queues, definitions and jobs");
  }
  const resources = subjects.map(([type, name]) => arnOf(request, "batch", type, need(name, type)));
  const context = { ...tags, ...(action === "RegisterJobDefinition" ? imageConditions(json) : {}) };
  const rights = resources.map((resource): Right => ({ action: `batch:${action}`, resource, context }));
  const made = action === "SubmitJob" ? arnOf(request, "batch", "job", "*") : resources[0]!;
  if (Object.keys(tags).length > 0)
    rights.push({ action: "batch:TagResource", resource: tagged(action, made), context: tags });
  return [...rights, ...passedRoles(request, facts)];
}

/** A definition is tagged as a revision, whose number is not known yet. */
function tagged(action: string, arn: string): string {
  return action === "RegisterJobDefinition" ? `${arn}:*` : arn;
}

function behindQueue(json: Record<string, unknown>): Subjects {
  const environments = list(json.computeEnvironmentOrder).map((each) => record(each).computeEnvironment);
  const policy = json.schedulingPolicyArn;
  return [
    ...environments.map((name): [string, unknown] => [COMPUTE_ENVIRONMENT, name]),
    ...(policy === undefined ? [] : ([["scheduling-policy", policy]] satisfies Subjects)),
  ];
}

/** Roles that Batch, its machines, its Spot fleets or its containers are to run under. */
function passedRoles(request: ReadableRequest, facts: Facts): Right[] {
  const { json, partition, accountId } = request;
  const roleArn = (name: string) =>
    name.startsWith("arn:") ? name : `arn:${partition}:iam::${accountId}:role/${name}`;
  const pass = (service: string, ...roles: unknown[]) =>
    roles
      .map(text)
      .flatMap((role) => (role === undefined || role === "" ? [] : [passRole(roleArn(role), service)]));
  const { instanceRole, spotIamFleetRole } = record(json.computeResources);
  return [
    ...pass("batch.amazonaws.com", json.serviceRole),
    ...pass("ec2.amazonaws.com", ...rolesOfProfile(text(instanceRole), facts)),
    ...pass("spotfleet.amazonaws.com", spotIamFleetRole),
    ...containers(json).flatMap(({ jobRoleArn, taskRoleArn, executionRoleArn }) =>
      pass("ecs-tasks.amazonaws.com", jobRoleArn, taskRoleArn, executionRoleArn),
    ),
  ];
}

/** Batch is given an instance profile, by name or ARN; what is passed is the role in it. */
function rolesOfProfile(profile: string | undefined, facts: Facts): string[] {
  if (profile === undefined || profile === "") return [];
  const name = profile.split("/").at(-1)!;
  return facts.get("instance-profile", name)?.roles ?? [name];
}

function containers(json: Record<string, unknown>): Record<string, unknown>[] {
  const ranges = list(record(json.nodeProperties).nodeRangeProperties).map(record);
  const of = (part: Record<string, unknown>) => [
    record(part.containerProperties ?? part.container),
    ...list(record(part.ecsProperties).taskProperties).map(record),
  ];
  return [json, ...ranges].flatMap(of);
}

function imageConditions(json: Record<string, unknown>): Record<string, string> {
  const { image, privileged, user, logConfiguration } = record(json.containerProperties);
  const log = record(logConfiguration);
  const options = record(log.options);
  const keys = {
    "batch:Image": text(image),
    "batch:Privileged": typeof privileged === "boolean" ? String(privileged) : undefined,
    "batch:User": text(user),
    "batch:LogDriver": text(log.logDriver),
    "batch:AWSLogsGroup": text(options["awslogs-group"]),
    "batch:AWSLogsRegion": text(options["awslogs-region"]),
    "batch:AWSLogsStreamPrefix": text(options["awslogs-stream-prefix"]),
    "batch:AWSLogsCreateGroup": text(options["awslogs-create-group"]),
  };
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}
