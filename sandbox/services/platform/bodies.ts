/** The bodies the Platform accepts, as its specification types them and its forms restrict them. */
import { z } from "zod";
import { NAME } from "./requests.ts";

const PROVIDERS = [
  ...["aws", "azure", "azure_entra", "google", "github", "github_app", "gitlab", "bitbucket", "ssh", "k8s"],
  ...["container-reg", "tw-agent", "codecommit", "gitea", "azurerepos", "seqeracompute", "azure-cloud", "s3"],
];
const PLATFORMS = [
  ...["aws-batch", "aws-cloud", "seqeracompute-platform", "google-batch", "google-cloud", "azure-batch"],
  ...["azure-cloud", "k8s-platform", "eks-platform", "gke-platform", "uge-platform", "slurm-platform"],
  ...["lsf-platform", "altair-platform", "moab-platform", "local-platform", "google-lifesciences"],
];

/** One of the API's values, of which only `only` is imitated; the message tells the two refusals apart. */
function oneOf<Only extends string>(known: readonly string[], only: Only) {
  return z
    .enum(known, { error: (issue) => `unknown value '${String(issue.input)}', allowed: ${known.join(", ")}` })
    .refine((value) => value === only, `the sandbox's Platform imitates only '${only}'`)
    .transform(() => only);
}

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((v) => v ?? undefined);

const AWS_KEYS = z.object({
  discriminator: z.literal("aws"),
  accessKey: optional(z.string().regex(/^\w{16,128}$/, "not an AWS access key id")),
  secretKey: optional(z.string()),
  assumeRoleArn: optional(z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, "not the ARN of a role")),
  mode: optional(z.enum(["keys", "role"])),
});

/** Body of POST and PUT /credentials. */
export const CREDENTIALS_BODY = z.object({
  credentials: z.object({
    id: optional(z.string().max(22)),
    name: NAME,
    description: optional(z.string()),
    provider: oneOf(PROVIDERS, "aws"),
    keys: AWS_KEYS,
  }),
});

const whole = optional(z.int());
const texts = optional(z.array(z.string()));
const yesNo = optional(z.boolean());

const FORGE = z.looseObject({
  type: z.enum(["SPOT", "EC2"]),
  minCpus: z.int().min(0),
  maxCpus: z.int().min(1),
  allocStrategy: optional(
    z.enum(["BEST_FIT", "BEST_FIT_PROGRESSIVE", "SPOT_CAPACITY_OPTIMIZED", "SPOT_PRICE_CAPACITY_OPTIMIZED"]),
  ),
  instanceTypes: texts,
  allowBuckets: texts,
  vpcId: optional(z.string()),
  subnets: texts,
  securityGroups: texts,
  ec2KeyPair: optional(z.string()),
  imageId: optional(z.string()),
  ecsConfig: optional(z.string()),
  bidPercentage: whole,
  ebsBlockSize: whole,
  ebsBootSize: whole,
  arm64Enabled: yesNo,
  disposeOnDeletion: yesNo,
  ebsAutoScale: yesNo,
  efsCreate: yesNo,
  fsxSize: whole,
  fargateHeadEnabled: yesNo,
  gpuEnabled: yesNo,
});

/** The `forge` part of a configuration. */
export type ForgeConfig = z.infer<typeof FORGE>;

const ENVIRONMENT_VARIABLE = z.looseObject({
  name: optional(z.string()),
  value: optional(z.string()),
  head: yesNo,
  compute: yesNo,
});

const AWS_BATCH = z
  .looseObject({
    discriminator: z.literal("aws-batch"),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "not an AWS region"),
    workDir: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+(\/.*)?$/, "not an s3:// path"),
    environment: optional(z.array(ENVIRONMENT_VARIABLE)),
    forge: optional(FORGE),
    nextflowConfig: optional(z.string()),
    preRunScript: optional(z.string()),
    postRunScript: optional(z.string()),
    headJobCpus: whole,
    headJobMemoryMb: whole,
    volumes: texts,
    fusion2Enabled: yesNo,
    fusionSnapshots: yesNo,
    nvnmeStorageEnabled: yesNo,
    waveEnabled: yesNo,
  })
  .refine(
    (config) => !config.fusion2Enabled || config.waveEnabled,
    "Fusion file system requires Wave containers service to be enabled",
  );

/** Body of POST /compute-envs. */
export const COMPUTE_ENV_BODY = z.object({
  computeEnv: z.object({
    name: NAME,
    description: optional(z.string().max(2000)),
    platform: oneOf(PLATFORMS, "aws-batch"),
    credentialsId: z.string(),
    config: AWS_BATCH,
  }),
  labelIds: optional(z.array(z.int())),
});

/** Body of PUT /compute-envs/{id}: nothing else can be changed. */
export const COMPUTE_ENV_UPDATE_BODY = z.object({
  name: optional(NAME),
  description: optional(z.string().max(2000)),
  credentialsId: optional(z.string()),
});

/** Body of POST /labels. */
export const LABEL_BODY = z
  .object({
    name: z.string().min(1).max(100),
    value: optional(z.string().min(1).max(100)),
    resource: yesNo,
    isDefault: yesNo,
  })
  .refine((label) => (label.resource ?? false) === (label.value !== undefined), {
    error: "a resource label has a value, any other has none",
  });
