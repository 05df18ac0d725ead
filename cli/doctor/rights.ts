/** What a deployment has to be allowed in AWS, for the simulation. */
import type { StackConfig } from "../../config.ts";
import { deploymentGrants } from "../../towerforge/policies/index.ts";
import type { Identity } from "../stack/access.ts";
import type { AwsReader, Right } from "../stack/aws.ts";
import { fail, type Finding, notApplicable, pass } from "./row.ts";

/** The settings that the deployer's rights depend on. */
type DeployedConfig = Pick<
  StackConfig,
  "region" | "userName" | "roleName" | "policyPrefix" | "bucket" | "bucketMode" | "credentialMode"
>;

/** What IAM says to who may not simulate, and what answers in IAM's place where it has no such call. */
const NO_SIMULATION = ["AccessDenied", "AccessDeniedException", "NotImplemented", "InternalFailure"];

/** What the generated policy of the deployer gives, for the way in which the stack works now. */
export function deploymentRights({ account, arn }: Identity, config: DeployedConfig): Right[] {
  const partition = arn.split(":")[1] ?? "aws";
  const grants = deploymentGrants({
    ...config,
    ...{ partition, account, bucketArn: `arn:${partition}:s3:::${config.bucket}` },
    credentialModes: [config.credentialMode],
  });
  return grants.map(({ actions, resources, conditions = {} }) => ({
    ...{ actions: Object.keys(actions), resources },
    // One value that each condition accepts: the calls have it.
    context: Object.fromEntries(
      Object.values(conditions)
        .flatMap((keys) => Object.entries(keys))
        .map(([key, values]) => [key, [[values].flat()[0]!]]),
    ),
  }));
}

/** By simulation, where that is allowed. */
export async function rightsRow(
  aws: AwsReader,
  { account, arn }: Identity,
  rights: Right[],
  stack: string,
): Promise<Finding<undefined>> {
  try {
    const refused = await aws.refused(principalOf(arn), rights);
    const count = rights.flatMap(({ actions }) => actions).length;
    if (refused.length === 0) return pass(`${count} actions, by simulation`);
    return fail(
      `refused, of ${count} actions: ${refused.slice(0, 5).join(", ")}${refused.length > 5 ? ", …" : ""}`,
      `npm run --silent policies -- --document Deployer --stack Pulumi.${stack}.yaml --account ${account} > deployer.json; then attach it to ${arn} (docs/deployer.md)`,
    );
  } catch (reason) {
    const { name } = reason as Error;
    if (NO_SIMULATION.includes(name))
      return notApplicable(`not simulated: ${name} for iam:SimulatePrincipalPolicy`);
    throw reason;
  }
}

/** IAM simulates users and roles, not a role's session. */
function principalOf(arn: string): string {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
}
