/** Who one is and what there is: service-info, user, organization, workspace, platforms. */
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import type { Seed } from "../seed.ts";

/** `tw info` passes from this version on. */
const API_VERSION = "1.198.0";

const PLATFORMS = [{ id: "aws-batch", name: "Amazon Batch", credentialsProviders: ["aws"] }];
const REGIONS = [
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "us-east-1",
  "us-east-2",
  "us-west-2",
];

/** The one route that needs no token. */
export function serviceInfoRoute(app: FastifyInstance, path: string, apiVersion = API_VERSION): void {
  app.get(path, () => ({
    serviceInfo: {
      version: "26.1.0-sandbox",
      apiVersion,
      commitId: "0000000",
      authTypes: ["oidc"],
      loginPath: "/login",
      navbar: { menus: [] },
      heartbeatInterval: 60,
      userWorkspaceEnabled: true,
      allowInstanceCredentials: false,
      waveEnabled: true,
      seqeraCloud: true,
      forgePrefix: "TowerForge",
    },
  }));
}

/** Adds the routes. @param role the token's in the workspace; empty where it is not told */
export function accountRoutes(app: FastifyInstance, seed: Seed, role = "owner"): void {
  const { id: userId, userName, email } = seed.platformUser;
  const organization = { orgId: seed.organizationId, orgName: seed.organization, orgType: "academic" };
  const described = { name: seed.workspace, fullName: seed.workspace, visibility: "PRIVATE" };
  const workspace = { id: seed.workspaceId, ...described };
  const own = (kind: string, given: string, expected: number) => {
    if (given !== String(expected)) throw new ApiError(403, `${kind} '${given}' not found`);
  };

  app.get("/user-info", () => ({
    user: { id: userId, userName, email, organization: seed.organization, deleted: false },
    needConsent: false,
  }));

  app.get<{ Params: { userId: string } }>("/user/:userId/workspaces", (request) => {
    own("User", request.params.userId, userId);
    return {
      orgsAndWorkspaces: [
        { ...organization, roles: ["owner"] },
        {
          ...organization,
          workspaceId: seed.workspaceId,
          workspaceName: seed.workspace,
          workspaceFullName: seed.workspace,
          visibility: "PRIVATE",
          roles: role === "" ? [] : [role],
        },
      ],
    };
  });

  app.get("/orgs", () => {
    const { orgId, orgName, orgType: type } = organization;
    return { organizations: [{ orgId, name: orgName, fullName: orgName, type, memberRole: "owner" }] };
  });
  app.get<{ Params: { orgId: string } }>("/orgs/:orgId/workspaces", (request) => {
    own("Organization", request.params.orgId, seed.organizationId);
    return { workspaces: [workspace] };
  });
  app.get<{ Params: { orgId: string; id: string } }>("/orgs/:orgId/workspaces/:id", (request) => {
    own("Organization", request.params.orgId, seed.organizationId);
    own("Workspace", request.params.id, seed.workspaceId);
    return { workspace };
  });

  app.get("/platforms", () => ({ platforms: PLATFORMS }));
  app.get<{ Params: { id: string } }>("/platforms/:id/regions", (request) => {
    if (!PLATFORMS.some((platform) => platform.id === request.params.id))
      throw new ApiError(400, `Unknown platform '${request.params.id}', allowed: aws-batch`);
    return { regions: REGIONS.map((id) => ({ id, name: id })) };
  });
}
