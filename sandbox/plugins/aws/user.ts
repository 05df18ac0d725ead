/** `aws:iam/user:User` */
import {
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  paginateListGroupsForUser,
  PutUserPermissionsBoundaryCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
  type User,
} from "@aws-sdk/client-iam";
import type { ResourceType } from "../kit/resource.ts";
import { need, sameValue, text, type Props } from "../kit/values.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { plannedTags, tagChanges, tagOutputs, tagsAtCreation, tagsProperty } from "./tags.ts";

/** An IAM user; name and path change in place. */
export const user: ResourceType<AwsSession> = {
  properties: {
    name: { computed: true },
    path: { default: "/" },
    permissionsBoundary: {},
    forceDestroy: { default: false },
    tags: tagsProperty,
  },
  computed: ["arn", "uniqueId", "tagsAll"],
  autoname: "name",
  planned: plannedTags,

  async create({ session }, inputs) {
    const name = need(inputs, "name");
    const command = new CreateUserCommand({
      UserName: name,
      Path: text(inputs, "path"),
      PermissionsBoundary: text(inputs, "permissionsBoundary"),
      Tags: tagsAtCreation(session, inputs),
    });
    await send(`creating IAM User (${name})`, session.iam(), command);
    return { id: name, outs: outputs(session, await readUser(session, name), inputs) };
  },

  async read({ session }, id, known) {
    const found = await findUser(session, text(known, "name") ?? id);
    return found && outputs(session, found, known);
  },

  async update({ session }, id, olds, news) {
    const [before, name] = [text(olds, "name") ?? id, need(news, "name")];
    const iam = session.iam();
    const { add, remove } = tagChanges(session, olds, news);
    const tagging = `updating tags for IAM User (${before})`;
    if (remove.length > 0)
      await send(tagging, iam, new UntagUserCommand({ UserName: before, TagKeys: remove }));
    if (add.length > 0) await send(tagging, iam, new TagUserCommand({ UserName: before, Tags: add }));
    if (before !== name || olds.path !== news.path) {
      const command = new UpdateUserCommand({
        UserName: before,
        NewUserName: name,
        NewPath: text(news, "path"),
      });
      await send(`updating IAM User (${before})`, iam, command);
    }
    const boundary = text(news, "permissionsBoundary");
    if (!sameValue(olds.permissionsBoundary, boundary)) {
      const command = boundary
        ? new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: boundary })
        : new DeleteUserPermissionsBoundaryCommand({ UserName: name });
      await send(`updating IAM User (${name}) permissions boundary`, iam, command);
    }
    return outputs(session, await readUser(session, name), news);
  },

  async delete({ session }, id, olds) {
    const name = text(olds, "name") ?? id;
    const iam = session.iam();
    await leaveGroups(session, name);
    // The real one's force also takes policies, MFA devices, a password and other credentials away.
    if (olds.forceDestroy === true) await deleteKeys(session, name);
    await unless(
      ["NoSuchEntity"],
      send(`deleting IAM User (${name})`, iam, new DeleteUserCommand({ UserName: name })),
    );
  },
};

/** @returns the user, or undefined when there is none of that name */
export async function findUser(session: AwsSession, name: string): Promise<User | undefined> {
  const call = send(`reading IAM User (${name})`, session.iam(), new GetUserCommand({ UserName: name }));
  return (await unless(["NoSuchEntity"], call))?.User;
}

/** @throws when there is no such user, in the words of the Terraform SDK */
async function readUser(session: AwsSession, name: string): Promise<User> {
  const found = await findUser(session, name);
  if (!found) throw new Error(`reading IAM User (${name}): couldn't find resource`);
  return found;
}

function outputs(session: AwsSession, found: User, known: Props): Props {
  return {
    name: found.UserName,
    path: found.Path,
    permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
    forceDestroy: known.forceDestroy ?? false,
    arn: found.Arn,
    uniqueId: found.UserId,
    ...tagOutputs(session, found.Tags, known),
  };
}

/** IAM deletes no user that is in a group; the real one takes it out of all, told to force or not. */
async function leaveGroups(session: AwsSession, UserName: string): Promise<void> {
  const iam = session.iam();
  try {
    for await (const { Groups } of paginateListGroupsForUser({ client: iam }, { UserName }))
      for (const { GroupName } of Groups ?? [])
        await send(
          `removing IAM User (${UserName}) group memberships`,
          iam,
          new RemoveUserFromGroupCommand({ UserName, GroupName }),
        );
  } catch (error) {
    if ((error as Error).name !== "NoSuchEntityException") throw error;
  }
}

async function deleteKeys(session: AwsSession, name: string): Promise<void> {
  const listing = send(
    `listing IAM Access Keys (${name})`,
    session.iam(),
    new ListAccessKeysCommand({ UserName: name }),
  );
  for (const { AccessKeyId } of (await unless(["NoSuchEntity"], listing))?.AccessKeyMetadata ?? []) {
    const command = new DeleteAccessKeyCommand({ UserName: name, AccessKeyId });
    await send(`deleting IAM Access Key (${AccessKeyId})`, session.iam(), command);
  }
}
