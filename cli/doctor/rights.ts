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

/** What IAM says to who may not simulate. */
const DENIED = ["AccessDenied", "AccessDeniedException"];
/** What it says of an ARN that it does not know as a user or a role. */
const UNKNOWN = ["NoSuchEntity", "NoSuchEntityException", "InvalidInput", "InvalidInputException"];
/** What answers in IAM's place and has no such call. */
const NOT_IMPLEMENTED = 501;

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
  const { principal, pathIsKnown } = await principalOf(aws, arn);
  if (principal === undefined) return notApplicable(`not simulated: ${arn} is neither a user nor a role`);
  try {
    const refused = await aws.refused(principal, rights);
    const count = rights.flatMap(({ actions }) => actions).length;
    if (refused.length === 0) return pass(`${count} actions, by simulation`);
    return fail(
      `refused, of ${count} actions: ${refused.slice(0, 5).join(", ")}${refused.length > 5 ? ", …" : ""}`,
      `npm run --silent policies -- --document Deployer --stack Pulumi.${stack}.yaml --account ${account} > deployer.json; then attach it to ${arn} (docs/deployer.md)`,
    );
  } catch (reason) {
    const { name, $metadata } = reason as Error & { $metadata?: { httpStatusCode?: number } };
    const not = `not simulated: ${name} for iam:SimulatePrincipalPolicy on ${principal}`;
    if (DENIED.includes(name)) return notApplicable(`${not}: allow that`);
    if (UNKNOWN.includes(name))
      return notApplicable(
        pathIsKnown ? not : `${not}: allow iam:GetRole on ${anyPath(principal)}, which tells its path`,
      );
    if ($metadata?.httpStatusCode === NOT_IMPLEMENTED) return notApplicable(not);
    throw reason;
  }
}

interface Principal {
  /** Undefined where IAM cannot simulate it: the account's root, a federated user. */
  principal: string | undefined;
  pathIsKnown: boolean;
}

/**
 * IAM simulates users and roles, not a role's session, whose ARN lacks the role's path: those of AWS SSO have one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
async function principalOf(aws: AwsReader, arn: string): Promise<Principal> {
  if (/^arn:[^:]+:iam::\d+:user\//.test(arn)) return { principal: arn, pathIsKnown: true };
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) return { principal: undefined, pathIsKnown: false };
  const told = await aws.roleArn(role).catch((reason: Error) => {
    if (DENIED.includes(reason.name)) return undefined;
    throw reason;
  });
  return {
    principal: told ?? `arn:${partition}:iam::${account}:role/${role}`,
    pathIsKnown: told !== undefined,
  };
}

function anyPath(roleArn: string): string {
  return roleArn.replace(":role/", ":role/*");
}
