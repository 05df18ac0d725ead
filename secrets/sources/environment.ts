import { complete } from "./complete.ts";
import type { AwsCredentialIdentity, Source } from "./source.ts";
import type { Surroundings } from "./surroundings.ts";

/** AWS's own variables. */
export function environmentSource({ env }: Surroundings): Source {
  const title = "environment variables";
  const mend = "export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, all of one key";
  return { title, grade: "plaintext", load: async () => fromVariables(title, env, mend) };
}

/** Credentials out of variables with AWS's names. */
export function fromVariables(
  title: string,
  variables: Record<string, string | undefined>,
  mend: string,
): AwsCredentialIdentity | undefined {
  const named = (name: string): [string, string | undefined] => [name, variables[name]];
  const found = {
    accessKeyId: named("AWS_ACCESS_KEY_ID"),
    secretAccessKey: named("AWS_SECRET_ACCESS_KEY"),
    sessionToken: named("AWS_SESSION_TOKEN"),
  };
  return complete(title, found, mend);
}
