/** Stand-in for AWS IAM Identity Center (SSO): its OIDC service, its portal, and the page where people allow a sign-in. */
import type { Call } from "../faults.ts";
import { listen, makeApp, type SendError } from "../local-app.ts";
import type { Service, ServiceOptions } from "../service.ts";
import { accountsOf, makeState, SSO_STATE, TIMES, type SsoTimes } from "./model.ts";
import { oidcRoutes } from "./oidc.ts";
import { answerDevice, pageRoutes } from "./page.ts";
import { portalRoutes, type PortalOptions } from "./portal.ts";

export type { RoleCredentials } from "./portal.ts";
export type { SsoTimes } from "./model.ts";

/** What it needs beyond {@link ServiceOptions}. */
export interface SsoOptions extends ServiceOptions, Pick<PortalOptions, "assumeRole"> {
  /** @default none changed */
  times?: Partial<SsoTimes>;
}

/** The running service. Clients take `url` for both AWS_ENDPOINT_URL_SSO and AWS_ENDPOINT_URL_SSO_OIDC. */
export interface SsoService extends Service {
  /** What people type as start URL. */
  startUrl: string;
  /** May be changed while it runs. */
  times: SsoTimes;
  /** Answers a sign-in as a person on its page would. @throws Error when none waits under that code */
  answer(userCode: string, given: "allowed" | "denied"): void;
  /** Every call of the OIDC service so far: no command but `unlock` and `setup` may make one. */
  signInCalls(): Call[];
  /** All secrets that were handed out, by what they are: what a search for leaks looks for. */
  secrets(): Record<string, string>;
}

const OIDC_PATH = /^\/(client\/register|device_authorization|token)(\?|$)/;

const sendError: SendError = (reply, status, message) => reply.code(status).send({ message });

/** Starts it on 127.0.0.1. */
export async function startSso({ assumeRole, ...options }: SsoOptions): Promise<SsoService> {
  const state = options.saved === undefined ? makeState() : SSO_STATE.parse(options.saved);
  const times = { ...TIMES, ...options.times };
  let url = "";
  const app = await makeApp("sso", options.faults, sendError);
  await app.register(async (scope) => oidcRoutes(scope, { state, times, url: () => url }));
  await app.register(async (scope) =>
    portalRoutes(scope, { state, accounts: accountsOf(options.seed), assumeRole }),
  );
  await app.register(async (scope) => pageRoutes(scope, state));
  url = await listen(app, options.port);
  return {
    ...{ name: "sso", url, startUrl: `${url}/start`, times },
    answer: (userCode, given) => answerDevice(state, userCode, given),
    signInCalls: () =>
      options.faults.calls.filter(({ service, path }) => service === "sso" && OIDC_PATH.test(path)),
    secrets: () => {
      const named = (what: string, values: string[]) =>
        values.map((value, at) => [`${what} ${at + 1}`, value] as const);
      return Object.fromEntries([
        ...named(
          "client secret",
          Object.values(state.clients).map(({ secret }) => secret),
        ),
        ...named("device code", Object.keys(state.devices)),
        ...named("access token", Object.keys(state.accessTokens)),
        ...named("refresh token", Object.keys(state.refreshTokens)),
      ]);
    },
    snapshot: async () => structuredClone(state),
    // A snapshot that is older than this service knows nothing of it.
    restore: async (other) =>
      void Object.assign(state, other === undefined ? makeState() : SSO_STATE.parse(other)),
    close: () => app.close(),
  };
}
