import { type Grant, type Scope, SEQERA_DOCS } from "./grant.ts";

/** What the S3 policy is made for. */
export interface S3Args extends Pick<Scope, "region"> {
  /** The work bucket's ARN. */
  bucketArn: string;
  /** Whether Data Explorer may list the account's buckets. */
  dataExplorerRights: boolean;
}

/** S3: the work bucket and nothing beside it. */
export function s3Grants({ bucketArn, region, dataExplorerRights }: S3Args): Grant[] {
  return [
    {
      sid: "S3Bucket",
      actions: {
        "s3:GetBucketLocation": "the work bucket's region, before a compute environment is made",
        "s3:ListBucket": "the work directory is listed; the key's probe",
      },
      source: SEQERA_DOCS,
      resources: [bucketArn],
      narrower: "the work bucket, where Seqera allows to read every bucket",
    },
    {
      sid: "S3Objects",
      actions: {
        "s3:DeleteObject": "a run's work files are cleaned up",
        "s3:GetObject": "reports and logs of a run, shown on the Platform",
        "s3:PutObject": "a run's launch files",
        "s3:PutObjectTagging": "Fusion marks metadata and temporary files by tags",
      },
      source: "https://docs.seqera.io/fusion/guide/aws-batch#iam-permissions",
      resources: [`${bucketArn}/*`],
      narrower: "the work bucket, where Seqera allows to read every object",
    },
    ...(dataExplorerRights ? [listing(region)] : []),
  ];
}

function listing(region: string): Grant {
  return {
    sid: "S3DataExplorer",
    actions: { "s3:ListAllMyBuckets": "Data Explorer lists the account's buckets" },
    source: "https://docs.seqera.io/platform-cloud/data/data-explorer",
    resources: ["*"],
    // S3's global endpoint counts as us-east-1.
    conditions: {
      StringEquals: { "aws:RequestedRegion": region === "us-east-1" ? region : [region, "us-east-1"] },
    },
    narrower: "only with dataExplorerRights; what is in other buckets stays unread",
  };
}
