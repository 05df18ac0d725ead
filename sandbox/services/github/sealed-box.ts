/** The organization's key pair, and opening what clients seal with its public half. */
import { randomInt } from "node:crypto";
import sodium from "libsodium-wrappers";
import { ApiError } from "../local-app.ts";
import type { GithubState } from "./model.ts";

/** A new key pair. */
export async function makeKeys(): Promise<GithubState["keys"]> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const keyId = String(randomInt(10 ** 14));
  return { keyId, publicKey: base64(publicKey), privateKey: base64(privateKey) };
}

/** @throws ApiError 422 when the box was not sealed with this public key */
export async function openBox(keys: GithubState["keys"], keyId: string, sealed: string): Promise<string> {
  await sodium.ready;
  if (keyId !== keys.keyId)
    throw new ApiError(422, `key_id '${keyId}' is not the organization's '${keys.keyId}'`);
  try {
    const [box, publicKey, privateKey] = [sealed, keys.publicKey, keys.privateKey].map((text) =>
      Uint8Array.from(Buffer.from(text, "base64")),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    return sodium.to_string(sodium.crypto_box_seal_open(box, publicKey, privateKey));
  } catch {
    throw new ApiError(422, "Bad request - improperly encrypted secret");
  }
}
