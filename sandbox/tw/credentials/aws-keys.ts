/** The options of AWS credentials, and the keys object they make. */
import { TowerError } from "../errors.ts";
import type { OptionSpec } from "../parser/spec.ts";
import type { Values } from "../parser/values.ts";

/** What `add aws` and `update aws` share. */
export const AWS_OPTIONS: readonly OptionSpec[] = [
  { names: ["-a", "--access-key"], label: "accessKey", description: "AWS access key identifier." },
  {
    names: ["-s", "--secret-key"],
    label: "secretKey",
    description: "AWS secret access key; '@FILE' reads it.",
  },
  { names: ["-r", "--assume-role-arn"], label: "assumeRoleArn", description: "IAM role to assume." },
  { names: ["--mode"], label: "mode", description: "'keys' (default) or 'role' (no static keys)." },
  { names: ["--generate-external-id"], description: "Let the Platform make an External ID for the role." },
];

/** `keys` of the request, and whether the Platform is to make an external id. */
export interface AwsKeys {
  keys: Record<string, string>;
  useExternalId: boolean;
}

/** @throws TowerError when the options contradict each other; no request has been sent then */
export function awsKeys(values: Values): AwsKeys {
  const accessKey = values.text("access-key");
  const secretKey = values.text("secret-key");
  const assumeRoleArn = values.text("assume-role-arn");
  const mode = values.text("mode")?.toLowerCase();
  const generate = values.flag("generate-external-id");
  if (mode !== undefined && mode !== "keys" && mode !== "role") {
    throw new TowerError(
      `Invalid AWS credential mode '${values.text("mode")}'. Allowed values: 'keys', 'role'.`,
    );
  }
  if (mode === "role" && (accessKey !== undefined || secretKey !== undefined)) {
    throw new TowerError("Options '--access-key' and '--secret-key' cannot be used with '--mode=role'.");
  }
  if (mode === "role" && assumeRoleArn === undefined) {
    throw new TowerError("Option '--assume-role-arn' is required when using '--mode=role'.");
  }
  if (generate && assumeRoleArn === undefined) {
    throw new TowerError("Option '--generate-external-id' requires '--assume-role-arn' to be specified.");
  }
  const given = Object.entries({ mode, accessKey, secretKey, assumeRoleArn }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    keys: { discriminator: "aws", ...Object.fromEntries(given) },
    useExternalId: mode === "role" || generate,
  };
}
