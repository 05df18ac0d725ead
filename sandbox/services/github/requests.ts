/** Reading GitHub requests; what is wrong becomes a 422 that names the field and never quotes a value. */
import { z } from "zod";
import { ApiError } from "../local-app.ts";

const NAME = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "only letters, digits and _, not starting with a digit")
  .refine((name) => !/^github_/i.test(name), "must not start with GITHUB_");
const VISIBILITY = z.enum(["all", "private", "selected"]);
/** GitHub's limit for one value, in bytes. */
const VALUE = z.string().refine((text) => Buffer.byteLength(text) <= 48 * 1024, "larger than 48 KB");
const REPOSITORY_IDS = z.array(z.int()).nullish();

/** Body of POST …/variables. */
export const NEW_VARIABLE = z.object({
  name: NAME,
  value: VALUE,
  visibility: VISIBILITY,
  selected_repository_ids: REPOSITORY_IDS,
});

/** Body of PATCH …/variables/{name}. */
export const CHANGED_VARIABLE = NEW_VARIABLE.partial();

/** Body of PUT …/secrets/{name}. */
export const SECRET = z.object({
  encrypted_value: z.base64(),
  key_id: z.string(),
  visibility: VISIBILITY,
  selected_repository_ids: REPOSITORY_IDS,
});

/** Body of PUT …/{name}/repositories. */
export const SELECTION = z.object({ selected_repository_ids: z.array(z.int()) });

const PAGE = z.object({
  per_page: z.coerce.number().int().min(1).optional(),
  page: z.coerce.number().int().min(1).default(1),
});

/** @throws ApiError 422 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw new ApiError(422, `Invalid request. ${problems.join("; ")}`);
}

/** @throws ApiError 422 when `name` is not one GitHub takes */
export function checkName(name: string): string {
  return parseBody(z.object({ name: NAME }), { name }).name.toUpperCase();
}

/** One page of a list. Too large a `per_page` is cut, as GitHub does. */
export function pageOf<T>(all: T[], query: unknown, limits: { normal: number; largest: number }): T[] {
  const { per_page: wanted = limits.normal, page } = parseBody(PAGE, query);
  const size = Math.min(wanted, limits.largest);
  return all.slice((page - 1) * size, page * size);
}
