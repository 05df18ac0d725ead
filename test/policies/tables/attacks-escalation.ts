/**
 * Published ways from few rights to all, each as the chain of calls it takes; one link denied breaks it.
 * Sources: https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/ and https://pathfinding.cloud.
 */
import { callsIn, type Place, type Row } from "./row.ts";

export function escalations(place: Place): Row[] {
  const { call, iam, regional, pass } = callsIn(place);
  const admin = iam("role/LabAdministrator");
  const to = (service: string) => pass("LabAdministrator", `${service}.amazonaws.com`);
  const path = (what: string, ...calls: Row["calls"]): Row => ({ group: "escalation", what, calls });
  const own = iam("user/TowerForge-AWSMegatests");
  const everything = { "iam:PolicyARN": `arn:${place.partition}:iam::aws:policy/AdministratorAccess` };
  const lambda = regional("lambda", "function:lab");
  const definition = regional("batch", "job-definition/lab");
  return [
    path(
      "a new version of one's own policy",
      call("iam:CreatePolicyVersion", iam("policy/TowerForge-S3-Policy")),
    ),
    path(
      "an older version made the default",
      call("iam:SetDefaultPolicyVersion", iam("policy/TowerForge-S3-Policy")),
    ),
    path("another user's access key", call("iam:CreateAccessKey", iam("user/alice"))),
    path("another user's password", call("iam:CreateLoginProfile", iam("user/alice"))),
    path("another user's password, changed", call("iam:UpdateLoginProfile", iam("user/alice"))),
    path("a policy attached to oneself", call("iam:AttachUserPolicy", own, everything)),
    path("a policy attached to a group", call("iam:AttachGroupPolicy", iam("group/admins"), everything)),
    path("an inline policy on oneself", call("iam:PutUserPolicy", own)),
    path("an inline policy on a group", call("iam:PutGroupPolicy", iam("group/admins"))),
    path("joining a group", call("iam:AddUserToGroup", iam("group/admins"))),
    path(
      "a policy attached to a role one can assume",
      call("iam:AttachRolePolicy", admin, everything),
      call("sts:AssumeRole", admin),
    ),
    path(
      "an inline policy on a role one can assume",
      call("iam:PutRolePolicy", admin),
      call("sts:AssumeRole", admin),
    ),
    path(
      "a role's trust rewritten",
      call("iam:UpdateAssumeRolePolicy", admin),
      call("sts:AssumeRole", admin),
    ),
    path(
      "a role of Forge's that trusts the thief, assumed by the key",
      call("sts:AssumeRole", iam("role/TowerForge-thief")),
    ),
    path(
      "a machine under an administrator's role",
      to("ec2"),
      call("ec2:RunInstances", regional("ec2", "instance/*")),
    ),
    path(
      "an administrator's role put into Forge's profile",
      to("ec2"),
      call("iam:AddRoleToInstanceProfile", iam("instance-profile/TowerForge-thief")),
    ),
    path(
      "a Batch job under an administrator's role",
      to("ecs-tasks"),
      call("batch:RegisterJobDefinition", definition),
    ),
    path(
      "an ECS task under an administrator's role",
      to("ecs-tasks"),
      call("ecs:RegisterTaskDefinition"),
      call("ecs:RunTask", regional("ecs", "task-definition/lab:1")),
    ),
    path(
      "a command in another's ECS task",
      call("ecs:ExecuteCommand", regional("ecs", "task/lab/0123456789abcdef")),
    ),
    path(
      "a function under an administrator's role",
      to("lambda"),
      call("lambda:CreateFunction", lambda),
      call("lambda:InvokeFunction", lambda),
    ),
    path("a function behind an event", to("lambda"), call("lambda:CreateEventSourceMapping")),
    path("another's function rewritten", call("lambda:UpdateFunctionCode", lambda)),
    path("another's function given a layer", call("lambda:UpdateFunctionConfiguration", lambda)),
    path("a Glue endpoint", to("glue"), call("glue:CreateDevEndpoint", "*")),
    path("a Glue job", to("glue"), call("glue:CreateJob", regional("glue", "job/lab"))),
    path(
      "a CloudFormation stack",
      to("cloudformation"),
      call("cloudformation:CreateStack", regional("cloudformation", "stack/lab/1")),
    ),
    path("a data pipeline", to("datapipeline"), call("datapipeline:CreatePipeline")),
    path(
      "a SageMaker notebook",
      to("sagemaker"),
      call("sagemaker:CreateNotebookInstance", regional("sagemaker", "notebook-instance/lab")),
    ),
    path(
      "another's notebook opened",
      call("sagemaker:CreatePresignedNotebookInstanceUrl", regional("sagemaker", "notebook-instance/lab")),
    ),
    path(
      "a CodeBuild project",
      to("codebuild"),
      call("codebuild:CreateProject", regional("codebuild", "project/lab")),
    ),
    path(
      "a state machine",
      to("states"),
      call("states:CreateStateMachine", regional("states", "stateMachine:lab")),
    ),
    path(
      "a schedule",
      to("scheduler"),
      call("scheduler:CreateSchedule", regional("scheduler", "schedule/default/lab")),
    ),
    path("a command on a machine", call("ssm:SendCommand", regional("ec2", "instance/i-0123456789abcdef0"))),
    path("a shell on a machine", call("ssm:StartSession", regional("ec2", "instance/i-0123456789abcdef0"))),
    path(
      "a machine's user data rewritten",
      call("ec2:ModifyInstanceAttribute", regional("ec2", "instance/i-0123456789abcdef0")),
    ),
    path(
      "a machine's profile exchanged",
      to("ec2"),
      call("ec2:ReplaceIamInstanceProfileAssociation", regional("ec2", "instance/i-0123456789abcdef0")),
    ),
    path(
      "another's launch template given a version",
      call("ec2:CreateLaunchTemplateVersion", regional("ec2", "launch-template/lt-0fedcba9876543210")),
    ),
    path(
      "another's launch template's default version changed",
      call("ec2:ModifyLaunchTemplate", regional("ec2", "launch-template/lt-0fedcba9876543210")),
    ),
    path("a boundary taken off", call("iam:DeleteUserPermissionsBoundary", own)),
    path("a provider of identities of one's own", call("iam:CreateSAMLProvider", iam("saml-provider/thief"))),
  ];
}
