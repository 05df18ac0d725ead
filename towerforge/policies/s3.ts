import { type Grant, SEQERA_DOCS } from "./grant.ts";

/** S3: the work bucket and nothing beside it. */
export function s3Grants({ bucketArn }: { bucketArn: string }): Grant[] {
  return [
    {
      sid: "S3Bucket",
      why: "the work directory is listed, and looked at before a compute environment is made",
      source: SEQERA_DOCS,
      actions: ["s3:GetBucketLocation", "s3:ListBucket"],
      resources: [bucketArn],
    },
    {
      sid: "S3Objects",
      why: "Nextflow's files are written, read, tagged and cleaned up; Fusion marks metadata by tags",
      source: "https://docs.seqera.io/fusion/guide/aws-batch#iam-permissions",
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"],
      resources: [`${bucketArn}/*`],
    },
  ];
}
