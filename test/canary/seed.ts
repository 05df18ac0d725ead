/** A world whose secrets look different once they are quoted, encoded or escaped. */
import { randomBytes } from "node:crypto";
import { makeSeed, type Seed } from "../../sandbox/services/seed.ts";
import type { Secrets } from "./detector.ts";

/** A world, and every secret in it. */
export interface CanaryWorld {
  seed: Seed;
  secrets: Secrets;
}

/** Makes one; the names are nf-core's, as in every sandbox. */
export function makeCanaryWorld(): CanaryWorld {
  const plain = makeSeed();
  const awsSecret = `Nf+core/${random(22)}/+`;
  const platformToken = `eyJ0aWQiOiA5${random(40)}==`;
  const connectToken = `eyJhbGciOiJFUzI1NiJ9.${random(40)}.${random(20)}`;
  const unused = `recovery&<code>"${random(12)}"`;
  const text = JSON.stringify(plain)
    .replaceAll(plain.deployer.secretAccessKey, awsSecret)
    .replaceAll(plain.platformToken, platformToken)
    .replaceAll(plain.connectToken, connectToken);
  const seed = JSON.parse(text) as Seed;
  // What lies beside the fields that are read is nobody's business either.
  seed.items[0]!.fields.push({ label: "recovery code", value: unused, type: "CONCEALED" });
  const { githubToken } = seed;
  return {
    seed,
    secrets: {
      "AWS secret of 1Password": awsSecret,
      "Platform token": platformToken,
      "GitHub token": githubToken,
      "Connect token": connectToken,
      "unused field of 1Password": unused,
      "AWS secret of Seqera": seed.seqera.secretAccessKey,
      "AWS session of Seqera": seed.seqera.sessionToken,
    },
  };
}

function random(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}
