/** `aws:iam/accessKey:AccessKey` */
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
  type AccessKeyMetadata,
  type StatusType,
} from "@aws-sdk/client-iam";
import { createHmac } from "node:crypto";
import type { ResourceType } from "../kit/resource.ts";
import { need, text, type Props } from "../kit/values.ts";
import { send, unless } from "./send.ts";
import type { AwsSession } from "./session.ts";
import { timestamp } from "./time.ts";

/** An access key. Only its creation gives the secret; a plain deployment does not notice when the key is gone. */
export const accessKey: ResourceType<AwsSession> = {
  properties: {
    user: { required: true, replaces: true },
    status: { default: "Active", oneOf: ["Active", "Inactive"] },
  },
  computed: [
    "createDate",
    "encryptedSecret",
    "encryptedSesSmtpPasswordV4",
    "keyFingerprint",
    "secret",
    "sesSmtpPasswordV4",
  ],
  secrets: ["secret", "sesSmtpPasswordV4"],

  async create({ session }, inputs) {
    const user = need(inputs, "user");
    const doing = `creating IAM Access Key (${user})`;
    const { AccessKey: made } = await send(
      doing,
      session.iam(),
      new CreateAccessKeyCommand({ UserName: user }),
    );
    const id = made?.AccessKeyId as string;
    const secret = made?.SecretAccessKey as string;
    const status = text(inputs, "status");
    if (status === "Inactive") await setStatus(session, user, id, status);
    const createDate = timestamp(made?.CreateDate);
    return {
      id,
      outs: { user, status, createDate, secret, sesSmtpPasswordV4: smtpPassword(secret, session.region) },
    };
  },

  async read({ session }, id, known) {
    const user = text(known, "user") ?? (await holderOf(session, id));
    if (user === undefined) return undefined;
    const key = (await keysOf(session, user))?.find(({ AccessKeyId }) => AccessKeyId === id);
    return key && { ...known, user, status: key.Status, createDate: timestamp(key.CreateDate) };
  },

  async update({ session }, id, olds, news): Promise<Props> {
    const user = need(olds, "user");
    await setStatus(session, user, id, need(news, "status") as StatusType);
    const key = (await keysOf(session, user))?.find(({ AccessKeyId }) => AccessKeyId === id);
    if (!key) throw new Error(`reading IAM Access Key (${id}): couldn't find resource`);
    return { ...olds, status: key.Status };
  },

  async delete({ session }, id, olds) {
    const command = new DeleteAccessKeyCommand({ UserName: need(olds, "user"), AccessKeyId: id });
    await unless(["NoSuchEntity"], send(`deleting IAM Access Key (${id})`, session.iam(), command));
  },
};

/** @returns the keys of a user, or undefined when there is no such user */
export async function keysOf(session: AwsSession, user: string): Promise<AccessKeyMetadata[] | undefined> {
  const call = send(
    `reading IAM Access Keys (${user})`,
    session.iam(),
    new ListAccessKeysCommand({ UserName: user }),
  );
  return (await unless(["NoSuchEntity"], call))?.AccessKeyMetadata;
}

/** Whose key an imported one is. */
async function holderOf(session: AwsSession, id: string): Promise<string | undefined> {
  const command = new GetAccessKeyLastUsedCommand({ AccessKeyId: id });
  const call = send(`fetching username for IAM Access Key (${id})`, session.iam(), command);
  return (await unless(["NoSuchEntity"], call))?.UserName;
}

async function setStatus(
  session: AwsSession,
  user: string,
  id: string,
  status: StatusType | "Inactive",
): Promise<void> {
  const command = new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: id, Status: status });
  await send(`updating IAM Access Key (${id})`, session.iam(), command);
}

/** https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html, "obtaining SMTP credentials by converting". */
function smtpPassword(secret: string, region: string): string {
  const steps = ["11111111", region, "ses", "aws4_request", "SendRawEmail"];
  const sign = (key: Buffer, message: string): Buffer => createHmac("sha256", key).update(message).digest();
  return Buffer.concat([Buffer.of(4), steps.reduce(sign, Buffer.from(`AWS4${secret}`))]).toString("base64");
}
