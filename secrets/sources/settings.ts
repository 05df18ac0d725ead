import { z } from "zod";
import { atLeast, type Grade } from "./source.ts";

const text = z.string().trim().min(1);
const roleArn = z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/);

/** A source as the config names it; `with` is the one on top of which it works. */
export type SourceSetting =
  | { source: "onepassword" }
  /** A profile of ~/.aws/config in the sso-session form. */
  | { source: "sso"; profile: string }
  /** AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, as CI systems set them. */
  | { source: "web-identity" }
  /** AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. */
  | { source: "environment" }
  /** The same names in a file that git ignores; a relative path begins in the clone. @default file: .env */
  | { source: "dotenv"; file: string }
  | { source: "assume-role"; roleArn: string; externalId?: string; seconds: number; with: SourceSetting }
  /** A secret that is a JSON object. @default fields: accessKeyId and secretAccessKey */
  | {
      source: "secrets-manager";
      secretId: string;
      accessKeyIdField: string;
      secretAccessKeyField: string;
      with: SourceSetting;
    };

/** Reads one entry of `awsCredentialSources`. */
export const sourceSetting: z.ZodType<SourceSetting> = z.lazy(() =>
  z.discriminatedUnion("source", [
    z.strictObject({ source: z.literal("onepassword") }),
    z.strictObject({ source: z.literal("sso"), profile: text }),
    z.strictObject({ source: z.literal("web-identity") }),
    z.strictObject({ source: z.literal("environment") }),
    z.strictObject({ source: z.literal("dotenv"), file: text.default(".env") }),
    z.strictObject({
      source: z.literal("assume-role"),
      roleArn,
      externalId: text.optional(),
      // What AWS allows: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
      seconds: z.coerce.number().int().min(900).max(43_200).default(3600),
      with: sourceSetting,
    }),
    z.strictObject({
      source: z.literal("secrets-manager"),
      secretId: text,
      accessKeyIdField: text.default("accessKeyId"),
      secretAccessKeyField: text.default("secretAccessKey"),
      with: sourceSetting,
    }),
  ]),
);

/** The same in words, for an error. */
export const SOURCES_ALLOWED =
  "a list of sources: onepassword; sso with profile; web-identity; environment; dotenv with file; assume-role with roleArn and with; secrets-manager with secretId and with";

/** How well a source protects, by its setting alone: nothing is looked at. */
export function gradeOf(setting: SourceSetting): Grade {
  switch (setting.source) {
    // The stack's config keeps, as ciphertext, the token that opens the vault.
    case "onepassword":
      return "encrypted";
    case "sso":
    case "web-identity":
      return "reference";
    case "environment":
    case "dotenv":
      return "plaintext";
    default:
      return gradeOf(setting.with);
  }
}

/** With what it works on top of, for that is what makes it weak. */
export function kindOf(setting: SourceSetting): string {
  return "with" in setting ? `${setting.source} with ${kindOf(setting.with)}` : setting.source;
}

/** Those that protect less than the stack demands, as the config spells them, and how well they protect. */
export function tooWeak(settings: SourceSetting[], least: Grade): { source: string; grade: Grade }[] {
  return settings
    .map((setting) => ({ source: kindOf(setting), grade: gradeOf(setting) }))
    .filter(({ grade }) => !atLeast(grade, least));
}
