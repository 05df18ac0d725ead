/** The settings of a bucket that are resources of their own, each one call to put, get and remove. */
import {
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  type ObjectOwnership,
} from "@aws-sdk/client-s3";
import { need } from "../kit/values.ts";
import { bucketSetting } from "./bucketSetting.ts";
import { documentProperty, keptDocument } from "./document.ts";
import {
  encryptionRules,
  fromEncryptionRules,
  sameEncryptionRules,
  type EncryptionRule,
} from "./encryption.ts";
import { send } from "./send.ts";

/** `aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock` */
export const bucketPublicAccessBlock = bucketSetting({
  properties: {
    blockPublicAcls: { default: false },
    blockPublicPolicy: { default: false },
    ignorePublicAcls: { default: false },
    restrictPublicBuckets: { default: false },
    skipDestroy: {},
  },
  absent: ["NoSuchPublicAccessBlockConfiguration"],
  put: (session, Bucket, inputs) => {
    const command = new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: inputs.blockPublicAcls === true,
        BlockPublicPolicy: inputs.blockPublicPolicy === true,
        IgnorePublicAcls: inputs.ignorePublicAcls === true,
        RestrictPublicBuckets: inputs.restrictPublicBuckets === true,
      },
    });
    return send(`creating S3 Bucket (${Bucket}) Public Access Block`, session.s3(), command);
  },
  get: async (session, Bucket, known) => {
    const doing = `reading S3 Bucket Public Access Block (${Bucket})`;
    const found = await send(doing, session.s3(), new GetPublicAccessBlockCommand({ Bucket }));
    const block = found.PublicAccessBlockConfiguration;
    return {
      blockPublicAcls: block?.BlockPublicAcls,
      blockPublicPolicy: block?.BlockPublicPolicy,
      ignorePublicAcls: block?.IgnorePublicAcls,
      restrictPublicBuckets: block?.RestrictPublicBuckets,
      skipDestroy: known.skipDestroy,
    };
  },
  remove: (session, Bucket) => {
    const doing = `deleting S3 Bucket Public Access Block (${Bucket})`;
    return send(doing, session.s3(), new DeletePublicAccessBlockCommand({ Bucket }));
  },
  awaitsRemoval: true,
});

/** `aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration` */
export const bucketEncryption = bucketSetting({
  properties: {
    rules: { required: true, same: sameEncryptionRules },
    expectedBucketOwner: { replaces: true },
  },
  absent: ["ServerSideEncryptionConfigurationNotFoundError"],
  put: (session, Bucket, inputs) => {
    const Rules = fromEncryptionRules(inputs.rules as EncryptionRule[]);
    const command = new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } });
    return send(`creating S3 Bucket Server-side Encryption Configuration (${Bucket})`, session.s3(), command);
  },
  get: async (session, Bucket, known) => {
    const doing = `reading S3 Bucket Server-side Encryption Configuration (${Bucket})`;
    const found = await send(doing, session.s3(), new GetBucketEncryptionCommand({ Bucket }));
    const rules = encryptionRules(found.ServerSideEncryptionConfiguration?.Rules);
    return { rules, expectedBucketOwner: known.expectedBucketOwner };
  },
  remove: (session, Bucket) => {
    const doing = `deleting S3 Bucket Server-side Encryption Configuration (${Bucket})`;
    return send(doing, session.s3(), new DeleteBucketEncryptionCommand({ Bucket }));
  },
});

/** `aws:s3/bucketPolicy:BucketPolicy` */
export const bucketPolicy = bucketSetting({
  properties: { policy: documentProperty },
  absent: ["NoSuchBucketPolicy"],
  put: (session, Bucket, inputs) => {
    const command = new PutBucketPolicyCommand({ Bucket, Policy: need(inputs, "policy") });
    return send(`putting S3 Bucket Policy (${Bucket})`, session.s3(), command);
  },
  get: async (session, Bucket, known) => {
    const found = await send(
      `reading S3 Bucket Policy (${Bucket})`,
      session.s3(),
      new GetBucketPolicyCommand({ Bucket }),
    );
    return { policy: keptDocument(found.Policy ?? "", known.policy) };
  },
  remove: (session, Bucket) =>
    send(`deleting S3 Bucket Policy (${Bucket})`, session.s3(), new DeleteBucketPolicyCommand({ Bucket })),
  awaitsRemoval: true,
});

/** `aws:s3/bucketOwnershipControls:BucketOwnershipControls` */
export const bucketOwnershipControls = bucketSetting({
  properties: { rule: { required: true } },
  absent: ["OwnershipControlsNotFoundError"],
  put: (session, Bucket, inputs) => {
    const { objectOwnership } = inputs.rule as { objectOwnership: ObjectOwnership };
    const OwnershipControls = { Rules: [{ ObjectOwnership: objectOwnership }] };
    const command = new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls });
    return send(`creating S3 Bucket (${Bucket}) Ownership Controls`, session.s3(), command);
  },
  get: async (session, Bucket) => {
    const doing = `reading S3 Bucket Ownership Controls (${Bucket})`;
    const found = await send(doing, session.s3(), new GetBucketOwnershipControlsCommand({ Bucket }));
    return { rule: { objectOwnership: found.OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
  },
  remove: (session, Bucket) => {
    const doing = `deleting S3 Bucket Ownership Controls (${Bucket})`;
    return send(doing, session.s3(), new DeleteBucketOwnershipControlsCommand({ Bucket }));
  },
});
