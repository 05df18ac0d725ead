import { AWS_AUTHORIZATION, type Grant, inRegion, type Scope, SEQERA_DOCS } from "./grant.ts";

/** `computeJobRole`, `headJobRole` and `executionRole` in a compute environment's file: roles of the lab's own. */
export function namedRoleGrants(roles: string[]): Grant[] {
  return [
    {
      sid: "LaunchNamedRoles",
      actions: { "iam:PassRole": "jobs run under the roles that a compute environment's file names" },
      source: "https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html",
      resources: roles,
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      narrower: "the named roles, passed to ECS tasks",
    },
  ];
}

/** Pipeline secrets of the workspace, kept in AWS Secrets Manager under names that begin with `tower-`. */
export function secretGrants(scope: Scope): Grant[] {
  const { partition, region, account } = scope;
  return [
    {
      sid: "LaunchSecrets",
      actions: {
        "secretsmanager:CreateSecret": "a run's secrets are put there before it starts",
        "secretsmanager:DeleteSecret": "and taken away when it has ended",
        "secretsmanager:DescribeSecret": "is the secret there",
      },
      source: SEQERA_DOCS,
      resources: [`arn:${partition}:secretsmanager:${region}:${account}:secret:tower-*`],
      narrower: "this region and account; only with secretsRights",
    },
    {
      sid: "LaunchSecretsList",
      actions: { "secretsmanager:ListSecrets": "which secrets of a run are left" },
      source: AWS_AUTHORIZATION,
      resources: ["*"],
      conditions: inRegion(scope),
      narrower: "this region; AWS binds it to no resource",
    },
  ];
}

/** Mail about runs, sent by the lab's own SES. */
export function mailGrants({ partition, region, account }: Scope): Grant[] {
  return [
    {
      sid: "LaunchMail",
      actions: { "ses:SendRawEmail": "Nextflow's mail at the end of a run" },
      source: "https://github.com/seqeralabs/nf-tower-aws/blob/master/launch/launch-policy.json",
      resources: [`arn:${partition}:ses:${region}:${account}:identity/*`],
      narrower: "identities of this region and account; only with sesRights",
    },
  ];
}
