/** The infrastructure credentials, as a deployment takes them. */
import type { StackConfig } from "../../config.ts";
import { openSources } from "../../secrets/index.ts";
import {
  type AwsCredentialIdentity,
  type AwsCredentialIdentityProvider,
  findFirst,
  type Source,
} from "../../secrets/sources/index.ts";
import { hide } from "../redaction/index.ts";
import { ask } from "./ask.ts";
import { type Finding, need, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";

/** The title of that source. */
export const ONE_PASSWORD = "1Password";

/** The infrastructure credentials, and where they come from. */
export interface HeldCredentials {
  identity: AwsCredentialIdentity;
  /** For clients of AWS. */
  provider: AwsCredentialIdentityProvider;
  /** The source's title. */
  source: string;
}

/** What is read of them in 1Password, where they come from there. */
export interface CredentialFields {
  config: Row<StackConfig>;
  keyId: Row<string>;
  secret: Row<string>;
  sessionToken: Row<string>;
}

/** Those of the first source that is there, held in the check-up's context. @param milliseconds that a source may take */
export async function held({
  config,
  keyId,
  secret,
  sessionToken: token,
  milliseconds,
  awsContext: context,
}: CredentialFields & Pick<Surroundings, "milliseconds" | "awsContext">): Promise<Finding<HeldCredentials>> {
  const settings = await need(config);
  const onePassword = async () => ({
    ...{ accessKeyId: await need(keyId), secretAccessKey: await need(secret) },
    ...(settings.awsSessionTokenField && { sessionToken: await need(token) }),
  });
  const sources = openSources({ ...settings, onSecret: hide }, { aws: onePassword }).map((each) =>
    limited(each, milliseconds),
  );
  let title = "";
  context.set(async () => {
    const { source, identity } = await findFirst(sources);
    title = source.title;
    return identity;
  });
  const identity = await context.get();
  const { accessKeyId, sessionToken } = identity;
  const expiration = context.expiry();
  const until = expiration ? `, until ${expiration.toISOString()}` : "";
  const kind = sessionToken === undefined ? "" : `, temporary${until}`;
  return pass(`access key ${accessKeyId}, of ${title}${kind}`, {
    ...{ identity, provider: context.provider(), source: title },
  });
}

/** What comes from 1Password waits for rows of its own. */
function limited(source: Source, milliseconds: number): Source {
  if (source.title.includes(ONE_PASSWORD)) return source;
  const reach = "look whether it can be reached from here; npm run --silent megatests -- credentials status";
  return { ...source, load: () => ask({ service: source.title, reach }, milliseconds, source.load()) };
}
