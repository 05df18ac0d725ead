/** Reading a request: its query, its body, names; what is wrong becomes a 400 that names the field. */
import { z } from "zod";
import { ApiError } from "../local-app.ts";

/** Names as the Platform's forms take them. */
export const NAME = z
  .string()
  .min(2)
  .max(100)
  .regex(/^[a-zA-Z\d](?:[a-zA-Z\d]|[-_](?=[a-zA-Z\d]))*$/, "only letters, digits, and single - or _ inside");

const flag = z.enum(["true", "false"]).transform((value) => value === "true");

/** Every query parameter this service reads. Pages have at most 100 entries. */
const QUERY = z.looseObject({
  workspaceId: z.coerce.number().int().positive().optional(),
  useExternalId: flag.optional(),
  checked: flag.optional(),
  force: flag.optional(),
  platformId: z.string().optional(),
  attributes: z.union([z.string(), z.array(z.string())]).optional(),
  status: z.string().optional(),
  search: z.string().optional(),
  name: z.string().optional(),
  type: z.enum(["simple", "resource", "all"]).optional(),
  isDefault: flag.optional(),
  max: z.coerce.number().int().min(0).max(100).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

/** A parsed query. */
export type Query = z.infer<typeof QUERY>;

/** @throws ApiError 400 naming the parameter */
export function parseQuery(query: unknown): Query {
  return parse(QUERY, query, "query");
}

/** @throws ApiError 400 naming the field; its value is never quoted, as it may be a secret */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  return parse(schema, body ?? {}, "body");
}

/** @throws ApiError 400 when `name` is not one the Platform takes */
export function checkName(name: string | undefined): string {
  return parse(NAME, name, "name");
}

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || what}: ${issue.message}`);
  throw new ApiError(400, `Invalid request ${what}: ${problems.join("; ")}`);
}
