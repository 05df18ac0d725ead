import { Fault } from "../../fault.ts";
import type { AwsCredentialIdentity } from "./source.ts";

/** Values as a source has them, each under the name it has there, for errors. */
export interface Found {
  accessKeyId: [name: string, value: string | undefined];
  secretAccessKey: [name: string, value: string | undefined];
  sessionToken: [name: string, value: string | undefined];
}

/**
 * Credentials that are whole.
 * @param title of the source
 * @param mend the command that puts it right
 * @returns undefined where the source has nothing of them
 * @throws Fault naming what is missing; never a value
 */
export function complete(title: string, found: Found, mend: string): AwsCredentialIdentity | undefined {
  const { accessKeyId: id, secretAccessKey: secret, sessionToken: token } = found;
  const all = [id, secret, token].map(([name, value]) => ({ name, value: value?.trim() }));
  const [accessKeyId, secretAccessKey, sessionToken] = all.map(({ value }) => value || undefined);
  if (!accessKeyId && !secretAccessKey) return undefined;
  const names = (has: boolean) => all.filter(({ value }) => Boolean(value) === has).map(({ name }) => name);
  const temporary = isTemporary(accessKeyId);
  if (accessKeyId && secretAccessKey && (sessionToken || !temporary))
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const missing = names(false).filter((name) => temporary || name !== token[0]);
  throw new Fault(`The AWS credentials are not complete: ${title}.`, {
    got: `${names(true).join(", ")}, but no ${missing.join(", no ")}`,
    allowed: `${id[0]} and ${secret[0]}, and for a key that begins with ASIA ${token[0]}`,
    mend,
  });
}

/**
 * Whether it is the id of a session's key, which works with the session's token alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function isTemporary(accessKeyId = ""): boolean {
  return accessKeyId.startsWith("ASIA");
}
