import type { Credentials } from "@aws-sdk/client-sts";
import { readFile } from "node:fs/promises";
import { Fault } from "../../fault.ts";
import type { SourceSetting } from "./settings.ts";
import type { AwsCredentialIdentity, Source } from "./source.ts";
import { stsConfig, type Surroundings } from "./surroundings.ts";

/** How sessions of roles are named in AWS's logs. */
const SESSION = "awsmegatests";
const SESSION_SECONDS = 3600;

type Role = Omit<Extract<SourceSetting, { source: "assume-role" }>, "source" | "with">;

/** A role, taken on with the credentials of another source. */
export function assumeRoleSource(role: Role, base: Source, surroundings: Surroundings): Source {
  const { roleArn: RoleArn, externalId: ExternalId, seconds: DurationSeconds } = role;
  const title = `role ${RoleArn} by ${base.title}`;
  return {
    ...base,
    title,
    load: async () => {
      const credentials = await base.load();
      if (!credentials) return undefined;
      const sdk = await import("@aws-sdk/client-sts");
      const sts = new sdk.STSClient({ ...stsConfig(surroundings), credentials });
      const asked = new sdk.AssumeRoleCommand({
        RoleArn,
        RoleSessionName: SESSION,
        DurationSeconds,
        ExternalId,
      });
      return sts.send(asked).then(identityOf, (reason: Error) =>
        refuse(title, reason, {
          allowed: `a role whose trust policy names who ${base.title} is${ExternalId ? ", with this external id" : ""}`,
          mend: lookAt(RoleArn),
        }),
      );
    },
  };
}

/** A role, taken on with the token of a CI system. */
export function webIdentitySource(surroundings: Surroundings): Source {
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: RoleArn } = surroundings.env;
  const title = `web identity${RoleArn ? ` for ${RoleArn}` : ""}`;
  const mend =
    "let the CI system set AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, and write the token's file";
  return {
    title,
    grade: "reference",
    load: async () => {
      if (!file && !RoleArn) return undefined;
      const WebIdentityToken = file && (await readFile(file, "utf8").catch(() => undefined))?.trim();
      if (!RoleArn || !WebIdentityToken)
        throw new Fault("The web identity is not complete.", {
          got: !RoleArn ? "no AWS_ROLE_ARN" : file ? `no token in ${file}` : "no AWS_WEB_IDENTITY_TOKEN_FILE",
          allowed: "AWS_ROLE_ARN, and AWS_WEB_IDENTITY_TOKEN_FILE with the path of a token",
          mend,
        });
      surroundings.onSecret?.(WebIdentityToken);
      const sdk = await import("@aws-sdk/client-sts");
      const asked = { RoleArn, WebIdentityToken, RoleSessionName: SESSION, DurationSeconds: SESSION_SECONDS };
      return new sdk.STSClient(stsConfig(surroundings))
        .send(new sdk.AssumeRoleWithWebIdentityCommand(asked))
        .then(identityOf, (reason: Error) =>
          refuse(title, reason, {
            allowed: "a token that has not ended, and a role that trusts who issued it",
            mend: reason.name === "AccessDenied" ? lookAt(RoleArn) : mend,
          }),
        );
    },
  };
}

/** Shows whom the role trusts. */
function lookAt(roleArn: string): string {
  return `aws iam get-role --role-name ${roleArn.split("/").at(-1)}`;
}

function identityOf({ Credentials: given }: { Credentials?: Credentials }): AwsCredentialIdentity {
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken, Expiration } = given ?? {};
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

function refuse(title: string, { name, message }: Error, details: { allowed: string; mend: string }): never {
  throw new Fault(`AWS does not let the role be taken on: ${title}.`, {
    got: `${name}: ${message}`,
    ...details,
  });
}
