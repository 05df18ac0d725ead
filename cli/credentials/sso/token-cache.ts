/**
 * The file in which AWS's SDKs and command line look for the token of a session: ~/.aws/sso/cache/SHA1-OF-NAME.json.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { getSSOTokenFilepath } from "@smithy/core/config";
import { z } from "zod";
import { hide } from "../../redaction/index.ts";
import type { SsoToken } from "./session.ts";

const date = z.coerce.date();
const cached = z.object({
  startUrl: z.string(),
  region: z.string(),
  accessToken: z.string().min(1),
  expiresAt: date,
  clientId: z.string(),
  clientSecret: z.string(),
  registrationExpiresAt: date,
  refreshToken: z.string().optional(),
});

/** The token of a session; undefined where there is none, or none that can be understood. */
export async function readToken(session: string): Promise<SsoToken | undefined> {
  try {
    const found = cached.parse(JSON.parse(await readFile(getSSOTokenFilepath(session), "utf8")));
    hide(found.accessToken, found.refreshToken, found.clientSecret);
    return found;
  } catch {
    return undefined;
  }
}

/** Puts a token there in one step, readable by its owner only. @returns the file */
export async function writeToken(session: string, token: SsoToken): Promise<string> {
  const file = getSSOTokenFilepath(session);
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // AWS's own tools may have made it open to all.
  await chmod(folder, 0o700);
  const { expiresAt, registrationExpiresAt, ...rest } = token;
  const text = JSON.stringify({
    ...{ ...rest, expiresAt: seconds(expiresAt) },
    registrationExpiresAt: seconds(registrationExpiresAt),
  });
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: "wx" });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}

/** AWS's command line writes whole seconds, and not all that read the file take fractions. */
function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}
