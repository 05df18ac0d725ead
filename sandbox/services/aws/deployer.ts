/** What the deployer may do: what its generated policy says, for the stack that is deployed, and nothing more. */
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  DeletePolicyVersionCommand,
} from "@aws-sdk/client-iam";
import { z } from "zod";
import { deployerGrants, policyDocument } from "../../../towerforge/policies/index.ts";
import type { Seed } from "../seed.ts";
import { PERSONS_DEPLOYER } from "../sso/model.ts";
import { ADMINISTRATOR } from "./moto.ts";
import { nameOfRole } from "./sessions.ts";
import type { ClientConfig } from "./world.ts";

/** The settings of a stack that its deployer's policy is made for. */
export const DEPLOYED = z.object({
  userName: z.string(),
  roleName: z.string(),
  policyPrefix: z.string(),
  bucket: z.string(),
  bucketMode: z.enum(["import", "create"]),
});
export type Deployed = z.infer<typeof DEPLOYED>;

/** The policy, for both of the modes that the stack can change between. */
export function deployerPolicy({ bucket, ...names }: Deployed, { awsAccountId, region }: Seed): string {
  const args = {
    ...names,
    ...{ partition: "aws", account: awsAccountId, region, bucketArn: `arn:aws:s3:::${bucket}` },
    credentialModes: ["key" as const, "role" as const],
  };
  return JSON.stringify(policyDocument(deployerGrants(args), "Deployer"));
}

/** As an administrator of the account gives it to the user, and to people who deploy; a fresh world's deployer is an administrator until then. */
export async function limitDeployer(config: ClientConfig, deployed: Deployed, seed: Seed): Promise<void> {
  const iam = new IAMClient(config);
  const { userName: UserName } = seed.deployer;
  const PolicyDocument = deployerPolicy(deployed, seed);
  const PolicyArn = `arn:aws:iam::${seed.awsAccountId}:policy/${UserName}`;
  try {
    if (!(await made(iam, UserName, PolicyDocument))) await replace(iam, PolicyArn, PolicyDocument);
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    await iam
      .send(new DetachUserPolicyCommand({ UserName, PolicyArn: ADMINISTRATOR }))
      .catch(unless("NoSuchEntityException"));
    const RoleName = nameOfRole(seed.awsAccountId, PERSONS_DEPLOYER);
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam
      .send(new DetachRolePolicyCommand({ RoleName, PolicyArn: ADMINISTRATOR }))
      .catch(unless("NoSuchEntityException"));
  } finally {
    iam.destroy();
  }
}

/** @returns false where the policy was there before */
async function made(iam: IAMClient, PolicyName: string, PolicyDocument: string): Promise<boolean> {
  const call = iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument })).then(() => true);
  return (await call.catch(unless("EntityAlreadyExistsException"))) ?? false;
}

async function replace(iam: IAMClient, PolicyArn: string, PolicyDocument: string): Promise<void> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  for (const { VersionId, IsDefaultVersion } of Versions)
    if (!IsDefaultVersion) await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
}

function unless(name: string) {
  return (error: Error): undefined => {
    if (error.name !== name) throw error;
  };
}
