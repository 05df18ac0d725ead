import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedPolicy } from "../../sandbox/services/aws/authorization/simulate.ts";

/** Seqera's published policies, kept beside the project where somebody has put them there. */
const FOLDER = join(import.meta.dirname, "../../../shared/facts/iam");

const FILES: Record<string, string> = {
  "nf-tower-aws forge": "forge-policy.json",
  "nf-tower-aws launch": "launch-policy.json",
  "nf-tower-aws s3": "s3-bucket-write.json",
  "Seqera's docs": "seqera-docs-aws-batch-full-policy.json",
};

/** @returns undefined where they are not there */
export function publishedPolicies(): NamedPolicy[] | undefined {
  if (!existsSync(FOLDER)) return undefined;
  return Object.entries(FILES).map(([name, file]) => ({
    name,
    document: JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as NamedPolicy["document"],
  }));
}

/** The published policies with the work bucket's name in its place. */
export function forBucket(policies: NamedPolicy[], bucket: string): NamedPolicy[] {
  return JSON.parse(JSON.stringify(policies).replaceAll("YOUR-BUCKET-NAME", bucket)) as NamedPolicy[];
}
