/** By what names the stack's credentials go. Both modes' stand side by side while one takes the other's place. */
export interface NameArgs {
  /** Name of the credentials that hold a key. */
  credentialsName: string;
  /** Added to it in the name of the credentials that assume a role. */
  roleName: string;
  /** ARN of the role that the Platform is to assume, whether it exists yet or not; undefined where it is to hold a key. */
  roleArn: string | undefined;
}

/** Name of the credentials that the stack's compute environments work by. */
export function nameOfCredentials({ credentialsName, roleName, roleArn }: NameArgs): string {
  return roleArn === undefined ? credentialsName : `${credentialsName}-${roleName}`;
}

/** What the stack's credentials are called in the other mode. */
export function otherName({ credentialsName, roleName, roleArn }: NameArgs): string {
  return roleArn === undefined ? `${credentialsName}-${roleName}` : credentialsName;
}
