/** Who a Platform token is, on which Platform, and in which workspaces with what role. */
import ky from "ky";
import { z } from "zod";

const serviceInfo = z.object({
  serviceInfo: z.object({ version: z.string().nullish(), apiVersion: z.string() }),
});
const userInfo = z.object({ user: z.object({ id: z.number(), userName: z.string() }) });
const workspaces = z.object({
  orgsAndWorkspaces: z.array(
    z.object({
      orgName: z.string(),
      workspaceId: z.number().nullish(),
      workspaceName: z.string().nullish(),
      roles: z.array(z.string()).nullish(),
    }),
  ),
});

/** A workspace as the token sees it. */
export type SeenWorkspace = z.infer<typeof workspaces>["orgsAndWorkspaces"][number];

/** Asks; nothing is changed. Each call throws ky's error where the Platform refuses or does not answer. */
export function platformAccount(endpoint: string, milliseconds: number) {
  const api = ky.create({
    prefixUrl: endpoint,
    timeout: milliseconds,
    retry: { limit: 2, statusCodes: [429] },
  });
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  return {
    /** Needs no token. */
    apiVersion: async () => serviceInfo.parse(await api.get("service-info").json()).serviceInfo.apiVersion,
    user: async (token: string) => userInfo.parse(await api.get("user-info", as(token)).json()).user,
    workspaces: async (token: string, userId: number) =>
      workspaces.parse(await api.get(`user/${userId}/workspaces`, as(token)).json()).orgsAndWorkspaces,
  };
}
