/** `aws:iam/policy:Policy` */
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
  type PolicyVersion,
} from "@aws-sdk/client-iam";
import { setTimeout as sleep } from "node:timers/promises";
import type { ResourceType } from "../kit/resource.ts";
import { need, text, type Props } from "../kit/values.ts";
import { documentProperty, keptDocument, sameDocument } from "./document.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { plannedTags, tagChanges, tagOutputs, tagsAtCreation, tagsProperty } from "./tags.ts";

/** IAM keeps this many versions of a policy. */
const MOST_VERSIONS = 5;

/** A managed policy; a changed document becomes its default version in place. */
export const policy: ResourceType<AwsSession> = {
  properties: {
    name: { computed: true, replaces: true },
    namePrefix: { computed: true, replaces: true },
    path: { default: "/", replaces: true },
    description: { replaces: true },
    policy: documentProperty,
    delayAfterPolicyCreationInMs: {},
    tags: tagsProperty,
  },
  computed: ["arn", "attachmentCount", "policyId", "tagsAll"],
  autoname: "name",
  planned: plannedTags,

  async create({ session }, inputs) {
    const name = need(inputs, "name");
    const command = new CreatePolicyCommand({
      PolicyName: name,
      Path: text(inputs, "path"),
      Description: text(inputs, "description"),
      PolicyDocument: need(inputs, "policy"),
      Tags: tagsAtCreation(session, inputs),
    });
    const { Policy: made } = await send(`creating IAM Policy (${name})`, session.iam(), command);
    const id = made?.Arn as string;
    if (typeof inputs.delayAfterPolicyCreationInMs === "number")
      await sleep(inputs.delayAfterPolicyCreationInMs);
    return { id, outs: (await outputs(session, id, inputs)) as Props };
  },

  read: ({ session }, id, known) => outputs(session, id, known),

  async update({ session }, arn, olds, news) {
    const iam = session.iam();
    const { add, remove } = tagChanges(session, olds, news);
    const doing = `updating tags for IAM Policy (${arn})`;
    if (remove.length > 0)
      await send(doing, iam, new UntagPolicyCommand({ PolicyArn: arn, TagKeys: remove }));
    if (add.length > 0) await send(doing, iam, new TagPolicyCommand({ PolicyArn: arn, Tags: add }));
    if (!sameDocument(olds.policy, news.policy)) {
      await pruneVersions(session, arn);
      const document = { PolicyArn: arn, PolicyDocument: need(news, "policy"), SetAsDefault: true };
      await send(`updating IAM Policy (${arn})`, iam, new CreatePolicyVersionCommand(document));
    }
    const outs = await outputs(session, arn, news);
    if (!outs) throw new Error(`reading IAM Policy (${arn}): couldn't find resource`);
    return outs;
  },

  async delete({ session }, arn) {
    for (const version of await versionsOf(session, arn))
      if (!version.IsDefaultVersion) await deleteVersion(session, arn, version);
    const call = send(
      `deleting IAM Policy (${arn})`,
      session.iam(),
      new DeletePolicyCommand({ PolicyArn: arn }),
    );
    await unless(["NoSuchEntity"], call);
  },
};

async function outputs(session: AwsSession, arn: string, known: Props): Promise<Props | undefined> {
  const doing = `reading IAM Policy (${arn})`;
  const call = send(doing, session.iam(), new GetPolicyCommand({ PolicyArn: arn }));
  const found = (await unless(["NoSuchEntity"], call))?.Policy;
  if (!found) return undefined;
  const version = new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: found.DefaultVersionId });
  const { PolicyVersion: current } = await send(`${doing} version`, session.iam(), version);
  return {
    name: found.PolicyName,
    namePrefix: known.namePrefix,
    path: found.Path,
    description: found.Description,
    policy: keptDocument(decodeURIComponent(current?.Document ?? ""), known.policy),
    delayAfterPolicyCreationInMs: known.delayAfterPolicyCreationInMs,
    arn,
    attachmentCount: found.AttachmentCount,
    policyId: found.PolicyId,
    ...tagOutputs(session, found.Tags, known),
  };
}

async function versionsOf(session: AwsSession, arn: string): Promise<PolicyVersion[]> {
  const command = new ListPolicyVersionsCommand({ PolicyArn: arn });
  const call = send(`listing IAM Policy (${arn}) versions`, session.iam(), command);
  return (await unless(["NoSuchEntity"], call))?.Versions ?? [];
}

/** Makes room for a new version: of five, the oldest that is not the default one goes. */
async function pruneVersions(session: AwsSession, arn: string): Promise<void> {
  const versions = await versionsOf(session, arn);
  if (versions.length < MOST_VERSIONS) return;
  const number = ({ VersionId }: PolicyVersion): number => Number(VersionId?.slice(1));
  const [oldest] = versions
    .filter((version) => !version.IsDefaultVersion)
    .sort((a, b) => number(a) - number(b));
  if (oldest) await deleteVersion(session, arn, oldest);
}

async function deleteVersion(session: AwsSession, arn: string, { VersionId }: PolicyVersion): Promise<void> {
  const command = new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId });
  await send(`deleting IAM Policy (${arn}) version (${VersionId})`, session.iam(), command);
}
