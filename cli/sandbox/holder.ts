/** What is wrong with what Seqera Platform works as in AWS: a user with a key, or a role. */
import type { Status } from "../../sandbox/services/control.ts";
import type { Expected } from "./verify.ts";

type Credentials = Status["platform"]["credentials"][number] | undefined;

/** What is wrong with the user and its key. */
export function keyProblems(aws: Status["aws"], credentials: Credentials, expected: Expected): string[] {
  const { userName, roleName } = expected;
  const user = aws.users.find(({ name }) => name === userName);
  const keys = user?.keys ?? [];
  return [
    ...(user ? [] : [`AWS has no user ${userName}`]),
    ...(keys.length === 1 ? [] : [`user ${userName} has ${keys.length} access keys, not one`]),
    ...(keys.every(({ status }) => status === "Active")
      ? []
      : [`an access key of ${userName} is not active`]),
    ...unattached(userName, user?.policies, expected),
    ...(credentials && credentials.accessKeyId !== keys[0]?.id
      ? [
          `credentials ${credentials.name} hold key ${credentials.accessKeyId}, AWS has ${keys[0]?.id ?? "none"}`,
        ]
      : []),
    ...(aws.roles.some(({ name }) => name === roleName) ? [`AWS still has the role ${roleName}`] : []),
  ];
}

/** What is wrong with the role. */
export function roleProblems(aws: Status["aws"], credentials: Credentials, expected: Expected): string[] {
  const { userName, roleName } = expected;
  const role = aws.roles.find(({ name }) => name === roleName);
  return [
    ...(role ? [] : [`AWS has no role ${roleName}`]),
    ...unattached(roleName, role?.policies, expected),
    ...(credentials && !credentials.roleArn?.endsWith(`:role/${roleName}`)
      ? [`credentials ${credentials.name} assume ${credentials.roleArn ?? "no role"}, not ${roleName}`]
      : []),
    ...(aws.users.some(({ name }) => name === userName) ? [`AWS still has the user ${userName}`] : []),
  ];
}

function unattached(holder: string, policies: string[] = [], expected: Expected): string[] {
  return policyNames(expected)
    .filter((policy) => !policies.includes(policy))
    .map((policy) => `policy ${policy} is not attached to ${holder}`);
}

/** Names of the three policies. */
export function policyNames({ policyPrefix }: Expected): string[] {
  return ["Forge", "Launch", "S3"].map((kind) => `${policyPrefix}-${kind}-Policy`);
}
