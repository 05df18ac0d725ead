/** Accounts, roles and their credentials, for who has signed in. https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account, SsoState } from "./model.ts";
import { Refusal, refuseAsPortal } from "./refusal.ts";

/** Credentials of a role for some time. */
export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** What the routes work on. */
export interface PortalOptions {
  state: SsoState;
  accounts: Account[];
  /** Makes somebody who has signed in a role of an account. */
  assumeRole(accountId: string, roleName: string): Promise<RoleCredentials>;
}

const page = z.object({
  max_result: z.coerce.number().int().min(1).max(100).default(100),
  next_token: z.coerce.number().int().min(0).default(0),
});
const ofAccount = page.extend({ account_id: z.string() });
const ofRole = z.object({ account_id: z.string(), role_name: z.string() });

/** The three operations a command line needs. */
export function portalRoutes(app: FastifyInstance, { state, accounts, assumeRole }: PortalOptions): void {
  refuseAsPortal(app);
  app.addHook("preHandler", async ({ headers }) => {
    const token = state.accessTokens[String(headers["x-amz-sso_bearer_token"])];
    if (token === undefined || token.expiresAt < Date.now())
      throw new Refusal("UnauthorizedException", "Session token not found or invalid");
  });

  app.get("/assignment/accounts", async (request) => {
    const { items, nextToken } = paged(accounts, read(page, request));
    return { accountList: items.map(({ roles: _roles, ...account }) => account), nextToken };
  });

  app.get("/assignment/roles", async (request) => {
    const { account_id: accountId, ...query } = read(ofAccount, request);
    const { items, nextToken } = paged(rolesOf(accounts, accountId), query);
    return { roleList: items.map((roleName) => ({ roleName, accountId })), nextToken };
  });

  app.get("/federation/credentials", async (request) => {
    const { account_id: accountId, role_name: roleName } = read(ofRole, request);
    if (!rolesOf(accounts, accountId).includes(roleName))
      throw new Refusal("ForbiddenException", "No access");
    const { expiration, ...key } = await assumeRole(accountId, roleName);
    return { roleCredentials: { ...key, expiration: expiration.getTime() } };
  });
}

function read<T>(schema: z.ZodType<T>, { query }: FastifyRequest): T {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw new Refusal("InvalidRequestException", "Invalid request");
}

function rolesOf(accounts: Account[], id: string): string[] {
  const account = accounts.find(({ accountId }) => accountId === id);
  if (account === undefined) throw new Refusal("ForbiddenException", "No access");
  return account.roles;
}

/** Absent, not null, on the last page. */
function paged<T>(all: T[], { max_result: size, next_token: from }: z.infer<typeof page>) {
  const end = from + size;
  return { items: all.slice(from, end), nextToken: end < all.length ? String(end) : undefined };
}
