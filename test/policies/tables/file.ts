import { readFileSync } from "node:fs";
import { z } from "zod";
import type { NamedPolicy } from "../../../sandbox/services/aws/authorization/simulate.ts";
import type { Row } from "./row.ts";

/** A table as a file: what is done, and the calls it takes. */
const ROWS = z.array(
  z.strictObject({
    group: z.string().default("given"),
    what: z.string(),
    calls: z
      .array(
        z.strictObject({
          action: z.string().regex(/^[\w-]+:\w+$/),
          resource: z.string().default("*"),
          context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
        }),
      )
      .min(1),
  }),
);

const POLICY = z.looseObject({ Version: z.string(), Statement: z.array(z.looseObject({})) });

/** @throws Error naming the file and what is wrong in it */
export function rowsIn(file: string): Row[] {
  return read(
    file,
    ROWS,
    '[{"group": "…", "what": "…", "calls": [{"action": "s3:GetObject", "resource": "arn:…", "context": {}}]}]',
  );
}

/** @throws Error naming the file and what is wrong in it */
export function policyIn(file: string): NamedPolicy {
  return { name: file, document: read(file, POLICY, "an IAM policy with Version and a list of statements") };
}

function read<T>(file: string, shape: z.ZodType<T>, allowed: string): T {
  const complain = (got: string) =>
    new Error(
      [
        `A file cannot be used.`,
        `  file:    ${file}`,
        `  got:     ${got}`,
        `  allowed: ${allowed}`,
        `  mend:    edit the file, or name another one`,
      ].join("\n"),
    );
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (reason) {
    throw complain((reason as Error).message);
  }
  const parsed = shape.safeParse(content);
  if (parsed.success) return parsed.data;
  throw complain(z.prettifyError(parsed.error).replaceAll("\n", " "));
}
