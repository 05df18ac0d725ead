/** What stays possible for a thief of the key, because Forge does the same: named, limited, and with what closes it. */
import { callsIn, type Place, type Row } from "./row.ts";

/** A row that is allowed, and what a reader of the documents must know of it. */
export interface Remaining extends Row {
  /** What limits it. */
  limit: string;
  /** What a lab can do to close it. */
  close: string;
}

/** Always the same remedies, from the strongest. */
const DEDICATED = "an AWS account for Batch alone, so that there is nothing else to reach";

export function remainingRisks(place: Place): Remaining[] {
  const { call, iam, regional, pass } = callsIn(place);
  const role = iam("role/TowerForge-thief");
  const batch = (name: string, rest: string) => call(`batch:${name}`, regional("batch", rest));
  return [
    {
      group: "remains",
      what: "make a role named TowerForge-…, write it any right, and run a job or a machine of Batch under it",
      calls: [
        call("iam:CreateRole", role),
        call("iam:PutRolePolicy", role),
        pass("TowerForge-thief", "ecs-tasks.amazonaws.com"),
        batch("RegisterJobDefinition", "job-definition/thief"),
        batch("SubmitJob", "job-queue/TowerForge-4kFcDmzGYKS2W0H0S9TVVf-work"),
      ],
      limit:
        "no condition of IAM looks into the policy that iam:PutRolePolicy writes; every use shows in CloudTrail under the key's user",
      close: `${DEDICATED}; a service control policy that denies TowerForge-* roles what the lab's jobs never do; role mode, which has no key to steal`,
    },
    {
      group: "remains",
      what: "change or remove roles, queues and compute environments that another stack's Forge has made in the same region",
      calls: [
        call("iam:DeleteRole", iam("role/TowerForge-another-ServiceRole")),
        batch("DeleteJobQueue", "job-queue/TowerForge-another-work"),
      ],
      limit:
        "the Platform chooses the names: they all begin with TowerForge- and an id that no policy can know beforehand",
      close: `${DEDICATED}; one stack in an account and region`,
    },
    {
      group: "remains",
      what: "delete a launch template of others in the region",
      calls: [call("ec2:DeleteLaunchTemplate", regional("ec2", "launch-template/lt-0fedcba9876543210"))],
      limit:
        "AWS knows a template by its id alone, and Forge gives it no tag; machines that run are not touched, and no template can be changed",
      close: `${DEDICATED}; a service control policy that denies it on templates with a tag of the lab's`,
    },
    {
      group: "remains",
      what: "cancel jobs of others in the region, and register job definitions",
      calls: [batch("TerminateJob", "job/0e3c1f0a"), batch("RegisterJobDefinition", "job-definition/lab")],
      limit:
        "a job's ARN does not name its queue; definitions bear names of the pipelines; jobs go to Forge's queues only",
      close: DEDICATED,
    },
    {
      group: "remains",
      what: "read, overwrite and delete what lies in the work bucket",
      calls: [call("s3:DeleteObject", `arn:${place.partition}:s3:::${place.bucket}/results/x`)],
      limit: "this bucket alone; no version of an object can be deleted",
      close: "versioning on the bucket; results published to another one",
    },
    {
      group: "remains",
      what: "list machines, networks, queues and log groups of the region",
      calls: [call("ec2:DescribeInstances"), call("logs:DescribeLogGroups")],
      limit: "names and settings, no contents; AWS binds these calls to no resource",
      close: DEDICATED,
    },
  ];
}
