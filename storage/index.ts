import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The bucket that holds Nextflow's work directory. */
export interface WorkBucketArgs {
  bucket: string;
  /** `import` takes a bucket that exists into the stack and changes nothing about it; `create` makes a private one. */
  bucketMode: "import" | "create";
}

/** The work bucket, protected in both modes: results outlive the stack. */
export class WorkBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;

  constructor(name: string, args: WorkBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("AWSMegatests:storage:WorkBucket", name, {}, opts);
    this.bucket =
      args.bucketMode === "import" ? adopted(name, args.bucket, this) : made(name, args.bucket, this);
    this.registerOutputs({});
  }
}

/** Without these an import would be followed, in the same deployment, by an update to what the program says. */
const LEFT_ALONE = [
  "tags",
  "tagsAll",
  "corsRules",
  "lifecycleRules",
  "versioning",
  "serverSideEncryptionConfiguration",
  "grants",
  "logging",
  "policy",
  "website",
  "forceDestroy",
];

function adopted(name: string, bucket: string, parent: pulumi.Resource): aws.s3.Bucket {
  return new aws.s3.Bucket(
    `${name}-bucket`,
    { bucket },
    { parent, import: bucket, protect: true, retainOnDelete: true, ignoreChanges: LEFT_ALONE },
  );
}

function made(name: string, bucketName: string, parent: pulumi.Resource): aws.s3.Bucket {
  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    {
      bucket: bucketName,
      tags: { ManagedBy: "Pulumi", Project: pulumi.getProject(), Stack: pulumi.getStack() },
    },
    { parent, protect: true },
  );
  // The bucket outlives the stack, and stays as closed as it was.
  const kept = { parent, retainOnDelete: true };
  const closed = new aws.s3.BucketPublicAccessBlock(
    `${name}-private`,
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    kept,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    kept,
  );
  new aws.s3.BucketPolicy(
    `${name}-tls`,
    { bucket: bucket.id, policy: bucket.arn.apply((arn) => JSON.stringify(tlsOnly(arn))) },
    // A policy and the public access block contend for the same bucket: AWS answers 409 to one of two at once.
    { ...kept, dependsOn: closed },
  );
  return bucket;
}

function tlsOnly(bucketArn: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
