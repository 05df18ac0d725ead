import { Fault } from "../../fault.ts";
import { complete } from "./complete.ts";
import type { SourceSetting } from "./settings.ts";
import { shellWord } from "./shell-word.ts";
import type { Source } from "./source.ts";
import { clientConfig, type Surroundings } from "./surroundings.ts";

type Secret = Omit<Extract<SourceSetting, { source: "secrets-manager" }>, "source" | "with">;

/** An access key in a secret of AWS, read with the credentials of another source. */
export function secretsManagerSource(secret: Secret, base: Source, surroundings: Surroundings): Source {
  const { secretId, accessKeyIdField, secretAccessKeyField } = secret;
  const title = `secret ${secretId} by ${base.title}`;
  const shape = `a JSON object with ${accessKeyIdField} and ${secretAccessKeyField}`;
  const mend = `aws secretsmanager put-secret-value --secret-id ${shellWord(secretId)} --secret-string file://KEY.json`;
  return {
    ...base,
    title,
    load: async () => {
      const credentials = await base.load();
      if (!credentials) return undefined;
      const sdk = await import("@aws-sdk/client-secrets-manager");
      const client = new sdk.SecretsManagerClient({ ...clientConfig(surroundings), credentials });
      const { SecretString = "" } = await client
        .send(new sdk.GetSecretValueCommand({ SecretId: secretId }))
        .catch(({ name, message }: Error) => {
          throw new Fault(`The secret cannot be read: ${title}.`, {
            got: `${name}: ${message}`,
            allowed: `a secret in ${surroundings.region} that these credentials may read`,
            mend: `aws secretsmanager describe-secret --secret-id ${shellWord(secretId)} --region ${surroundings.region}`,
          });
        });
      const fields = fieldsOf(SecretString);
      const found = complete(
        title,
        {
          accessKeyId: [accessKeyIdField, fields[accessKeyIdField]],
          secretAccessKey: [secretAccessKeyField, fields[secretAccessKeyField]],
          sessionToken: ["sessionToken", fields.sessionToken],
        },
        mend,
      );
      if (found) return found;
      const names = Object.keys(fields).join(", ");
      throw new Fault(`The secret holds no AWS credentials: ${title}.`, {
        got: names ? `an object with ${names}` : "no JSON object of texts",
        allowed: shape,
        mend,
      });
    },
  };
}

/** What is no text is left out: no value of it is wanted. */
function fieldsOf(secret: string): Record<string, string> {
  try {
    const parsed = JSON.parse(secret) as unknown;
    if (typeof parsed !== "object" || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => typeof value === "string"));
  } catch {
    return {};
  }
}
