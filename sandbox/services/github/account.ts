/** Who one is and what the organization is: the first requests of every client. */
import type { FastifyInstance } from "fastify";

/** GitHub's numeric ids of the imitated organization and user. */
const IDS = { organization: 35520196, user: 96_000_001 };
const SINCE = "2018-01-16T12:00:00Z";

/** Adds the routes; `url` is where clients reach the API, without a trailing slash. */
export function accountRoutes(app: FastifyInstance, owner: string, url: () => string): void {
  const user = () => ({
    login: `${owner}-bot`,
    id: IDS.user,
    node_id: Buffer.from(`04:User${IDS.user}`).toString("base64"),
    type: "User",
    site_admin: false,
    url: `${url()}/users/${owner}-bot`,
    name: `${owner} bot`,
    created_at: SINCE,
    updated_at: SINCE,
  });
  const organization = () => ({
    login: owner,
    id: IDS.organization,
    node_id: Buffer.from(`012:Organization${IDS.organization}`).toString("base64"),
    url: `${url()}/orgs/${owner}`,
    repos_url: `${url()}/orgs/${owner}/repos`,
    members_url: `${url()}/orgs/${owner}/members{/member}`,
    name: owner,
    description: "",
    type: "Organization",
    public_repos: 100,
    total_private_repos: 0,
    default_repository_permission: "read",
    two_factor_requirement_enabled: true,
    plan: { name: "team", space: 976562499, private_repos: 999999, filled_seats: 1, seats: 1 },
    created_at: SINCE,
    updated_at: SINCE,
  });
  const limit = { limit: 5000, remaining: 4999, used: 1 };

  app.get("/", () => ({
    current_user_url: `${url()}/user`,
    organization_url: `${url()}/orgs/{org}`,
    rate_limit_url: `${url()}/rate_limit`,
  }));
  app.get("/user", () => user());
  app.get(`/users/${owner}-bot`, () => user());
  app.get("/user/orgs", () => [organization()]);
  app.get(`/orgs/${owner}`, () => organization());
  app.get("/rate_limit", () => {
    const rate = { ...limit, reset: Math.ceil(Date.now() / 1000) + 3600 };
    return { resources: { core: rate, search: rate, graphql: rate }, rate };
  });
}
