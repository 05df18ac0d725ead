/** What a thief of the key would try to read, and to destroy, beside the stack: each must be denied. */
import { callsIn, type Place, type Row } from "./row.ts";

/** Rights that are switched on on purpose are no attacks. */
export interface OnPurpose {
  efsRights: boolean;
  fsxRights: boolean;
  secretsRights: boolean;
  sesRights: boolean;
  dataExplorerRights: boolean;
}

export function dataAttacks(place: Place, on: OnPurpose): Row[] {
  const { call, regional } = callsIn(place);
  const other = `arn:${place.partition}:s3:::lab-patients`;
  const own = `arn:${place.partition}:s3:::${place.bucket}`;
  const row = (group: string, what: string, ...calls: Row["calls"]): Row => ({ group, what, calls });
  const s3 = (resource: string, ...names: string[]) =>
    names.map((name) => row("S3", `${name} on ${resource.split(":::")[1]}`, call(`s3:${name}`, resource)));
  const elsewhere = regional("logs", "log-group:/aws/lambda/billing");
  const near = regional("logs", "log-group:/aws/batch/jobs-of-others");
  return [
    ...s3(other, "ListBucket", "GetBucketLocation", "GetBucketPolicy", "PutBucketPolicy", "DeleteBucket"),
    ...s3(
      `${other}/genome.bam`,
      "GetObject",
      "PutObject",
      "DeleteObject",
      "PutObjectTagging",
      "GetObjectVersion",
    ),
    ...s3(`${own}-private/x`, "GetObject", "PutObject"),
    ...s3(
      own,
      "DeleteBucket",
      "PutBucketPolicy",
      "DeleteBucketPolicy",
      "PutBucketAcl",
      "PutBucketVersioning",
    ),
    ...s3(own, "PutLifecycleConfiguration", "PutBucketPublicAccessBlock", "PutReplicationConfiguration"),
    ...s3(`${own}/runs/x`, "PutObjectAcl", "DeleteObjectVersion", "BypassGovernanceRetention"),
    ...[elsewhere, near].flatMap((group) => [
      row("logs", `find streams of ${group.split(":").at(-1)}`, call("logs:DescribeLogStreams", group)),
      row("logs", `read ${group.split(":").at(-1)}`, call("logs:GetLogEvents", `${group}:log-stream:a`)),
      row("logs", `search ${group.split(":").at(-1)}`, call("logs:FilterLogEvents", group)),
      row(
        "logs",
        `query ${group.split(":").at(-1)}`,
        call("logs:StartQuery", group),
        call("logs:GetQueryResults", group),
      ),
    ]),
    row(
      "logs",
      "destroy the runs' log",
      call("logs:DeleteLogGroup", regional("logs", "log-group:/aws/batch/job")),
    ),
    row(
      "logs",
      "forge the runs' log",
      call("logs:PutLogEvents", regional("logs", "log-group:/aws/batch/job:log-stream:a")),
    ),
    row("logs", "stop the audit", call("cloudtrail:StopLogging", regional("cloudtrail", "trail/audit"))),
    ...secrets(place, on),
    ...fileSystems(place, on),
    ...(on.sesRights
      ? []
      : [
          row(
            "mail",
            "send mail in the lab's name",
            call("ses:SendRawEmail", regional("ses", "identity/example.org")),
          ),
        ]),
    ...(on.dataExplorerRights
      ? [
          row(
            "S3",
            "list the account's buckets from elsewhere",
            call("s3:ListAllMyBuckets", "*", { "aws:RequestedRegion": "sa-east-1" }),
          ),
        ]
      : [row("S3", "list the account's buckets", call("s3:ListAllMyBuckets"))]),
  ];
}

function secrets(place: Place, { secretsRights }: OnPurpose): Row[] {
  const { call, regional } = callsIn(place);
  const row = (what: string, ...calls: Row["calls"]): Row => ({ group: "secrets", what, calls });
  const secret = (name: string) => regional("secretsmanager", `secret:${name}-AbCdEf`);
  return [
    row("read a secret", call("secretsmanager:GetSecretValue", secret("lab-database"))),
    row("read a run's secret", call("secretsmanager:GetSecretValue", secret("tower-1"))),
    row("change a secret", call("secretsmanager:PutSecretValue", secret("lab-database"))),
    row("delete a secret", call("secretsmanager:DeleteSecret", secret("lab-database"))),
    row("describe a secret", call("secretsmanager:DescribeSecret", secret("lab-database"))),
    row("read a parameter", call("ssm:GetParameter", regional("ssm", "parameter/lab/database"))),
    row("read parameters", call("ssm:GetParameters", regional("ssm", "parameter/lab/database"))),
    row("decrypt", call("kms:Decrypt", regional("kms", "key/0123456789abcdef"))),
    ...(secretsRights
      ? []
      : [
          row("list the secrets", call("secretsmanager:ListSecrets")),
          row("make a secret", call("secretsmanager:CreateSecret", secret("tower-1"))),
        ]),
  ];
}

function fileSystems(place: Place, { efsRights, fsxRights }: OnPurpose): Row[] {
  const { call, regional } = callsIn(place);
  const row = (what: string, ...calls: Row["calls"]): Row => ({ group: "file systems", what, calls });
  const efs = regional("elasticfilesystem", "file-system/fs-0fedcba9876543210");
  const fsx = regional("fsx", "file-system/fs-0fedcba9876543210");
  return [
    row("mount another's EFS as root", call("elasticfilesystem:ClientRootAccess", efs)),
    row("open another's EFS to all", call("elasticfilesystem:PutFileSystemPolicy", efs)),
    ...(efsRights
      ? []
      : [
          row("delete another's EFS", call("elasticfilesystem:DeleteFileSystem", efs)),
          row("make an EFS", call("elasticfilesystem:CreateFileSystem")),
        ]),
    ...(fsxRights
      ? []
      : [
          row("delete another's FSx", call("fsx:DeleteFileSystem", fsx)),
          row("make an FSx", call("fsx:CreateFileSystem", fsx)),
        ]),
  ];
}
