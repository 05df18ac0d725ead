/** `aws:iam/role:Role` */
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
  type Role,
} from "@aws-sdk/client-iam";
import type { ResourceType } from "../kit/resource.ts";
import { need, sameValue, text, type Props } from "../kit/values.ts";
import { documentProperty, keptDocument, sameDocument } from "./document.ts";
import { leaveInstanceProfiles, policiesOf, takePoliciesAway } from "./rolePolicies.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { plannedTags, tagChanges, tagOutputs, tagsAtCreation, tagsProperty } from "./tags.ts";
import { timestamp } from "./time.ts";

/** An IAM role. Its policies are told, and managed by resources of their own: the deprecated arguments are refused. */
export const role: ResourceType<AwsSession> = {
  properties: {
    name: { computed: true, replaces: true },
    namePrefix: { computed: true, replaces: true },
    path: { default: "/", replaces: true },
    assumeRolePolicy: documentProperty,
    description: {},
    maxSessionDuration: { default: 3600 },
    permissionsBoundary: {},
    forceDetachPolicies: { default: false },
    tags: tagsProperty,
  },
  computed: ["arn", "createDate", "uniqueId", "tagsAll", "inlinePolicies", "managedPolicyArns"],
  autoname: "name",
  planned: plannedTags,

  async create({ session }, inputs) {
    const name = need(inputs, "name");
    const command = new CreateRoleCommand({
      RoleName: name,
      Path: text(inputs, "path"),
      AssumeRolePolicyDocument: need(inputs, "assumeRolePolicy"),
      Description: text(inputs, "description"),
      MaxSessionDuration: inputs.maxSessionDuration as number,
      PermissionsBoundary: text(inputs, "permissionsBoundary"),
      Tags: tagsAtCreation(session, inputs),
    });
    await send(`creating IAM Role (${name})`, session.iam(), command);
    return { id: name, outs: await outputs(session, name, inputs) };
  },

  async read({ session }, id, known) {
    const found = await findRole(session, id);
    return found && outputsOf(session, found, known);
  },

  async update({ session }, name, olds, news) {
    const iam = session.iam();
    const doing = `updating IAM Role (${name})`;
    const RoleName = name;
    const { add, remove } = tagChanges(session, olds, news);
    if (remove.length > 0)
      await send(`${doing} tags`, iam, new UntagRoleCommand({ RoleName, TagKeys: remove }));
    if (add.length > 0) await send(`${doing} tags`, iam, new TagRoleCommand({ RoleName, Tags: add }));
    if (!sameDocument(olds.assumeRolePolicy, news.assumeRolePolicy)) {
      const PolicyDocument = need(news, "assumeRolePolicy");
      await send(
        `${doing} assume role policy`,
        iam,
        new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }),
      );
    }
    if (!sameValue(olds.description, news.description)) {
      const Description = text(news, "description") ?? "";
      await send(`${doing} description`, iam, new UpdateRoleDescriptionCommand({ RoleName, Description }));
    }
    if (olds.maxSessionDuration !== news.maxSessionDuration) {
      // moto takes a description that is left out for an empty one.
      const [MaxSessionDuration, Description] = [
        news.maxSessionDuration as number,
        text(news, "description"),
      ];
      const command = new UpdateRoleCommand({ RoleName, MaxSessionDuration, Description });
      await send(`${doing} MaxSessionDuration`, iam, command);
    }
    const boundary = text(news, "permissionsBoundary");
    if (!sameValue(olds.permissionsBoundary, boundary)) {
      const command = boundary
        ? new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundary })
        : new DeleteRolePermissionsBoundaryCommand({ RoleName });
      await send(`${doing} permissions boundary`, iam, command);
    }
    return outputs(session, name, news);
  },

  async delete({ session }, name, olds) {
    await leaveInstanceProfiles(session, name);
    await takePoliciesAway(session, name, olds);
    const call = send(
      `deleting IAM Role (${name})`,
      session.iam(),
      new DeleteRoleCommand({ RoleName: name }),
    );
    await unless(["NoSuchEntity"], call);
  },
};

async function findRole(session: AwsSession, name: string): Promise<Role | undefined> {
  const call = send(`reading IAM Role (${name})`, session.iam(), new GetRoleCommand({ RoleName: name }));
  return (await unless(["NoSuchEntity"], call))?.Role;
}

async function outputs(session: AwsSession, name: string, known: Props): Promise<Props> {
  const found = await findRole(session, name);
  if (!found) throw new Error(`reading IAM Role (${name}): couldn't find resource`);
  return outputsOf(session, found, known);
}

async function outputsOf(session: AwsSession, found: Role, known: Props): Promise<Props> {
  return {
    ...(await policiesOf(session, found.RoleName as string)),
    name: found.RoleName,
    namePrefix: known.namePrefix,
    path: found.Path,
    assumeRolePolicy: keptDocument(
      decodeURIComponent(found.AssumeRolePolicyDocument ?? ""),
      known.assumeRolePolicy,
    ),
    description: found.Description,
    maxSessionDuration: found.MaxSessionDuration,
    permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
    forceDetachPolicies: known.forceDetachPolicies ?? false,
    arn: found.Arn,
    createDate: timestamp(found.CreateDate),
    uniqueId: found.RoleId,
    ...tagOutputs(session, found.Tags, known),
  };
}
