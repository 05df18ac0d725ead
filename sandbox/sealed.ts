import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writePrivately } from "./world.ts";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Writes a value as JSON, encrypted, so that the secrets of the imitated services lie nowhere in clear. */
export async function seal(file: string, keyFile: string, value: unknown): Promise<void> {
  const key = (await readKey(keyFile)) ?? (await makeKey(keyFile));
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  await writePrivately(file, Buffer.concat([nonce, cipher.getAuthTag(), text]));
}

/**
 * @returns what {@link seal} wrote, or undefined when there is no such file
 * @throws Error when the file does not fit its key
 */
export async function unseal(file: string, keyFile: string): Promise<unknown> {
  const sealed = await readFile(file).catch(ignoreMissing);
  if (!sealed) return undefined;
  try {
    const key = await readKey(keyFile);
    if (!key) throw new Error("no key");
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString("utf8")) as unknown;
  } catch {
    throw new Error(
      `${file} cannot be read with ${keyFile}: one of the two is missing, changed or of another sandbox.\n` +
        `Begin anew with: npm run sandbox -- reset`,
    );
  }
}

async function makeKey(file: string): Promise<Buffer> {
  const key = randomBytes(32);
  await writePrivately(file, key.toString("base64"));
  return key;
}

async function readKey(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, "utf8").catch(ignoreMissing);
  return text === undefined ? undefined : Buffer.from(text, "base64");
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
