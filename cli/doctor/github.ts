/** GitHub: whether the token may publish, and whether what it is to publish is somebody else's. */
import ky, { type KyResponse } from "ky";
import type { StackConfig } from "../../config.ts";
import { apiRoot } from "../../github/index.ts";
import { publishedNow, type PublishedVariable } from "../stack/published.ts";
import type { StackState } from "../stack/state.ts";
import { REFRESH } from "../words.ts";
import { ask, type Asked, LATER, trouble } from "./ask.ts";
import { unpublished } from "./credentials.ts";
import { type Checkup, fail, type Finding, need, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";

const GROUP = "GitHub";
/** Of a classic token: https://docs.github.com/en/rest/actions/variables#create-an-organization-variable */
const SCOPE = "admin:org";

/** What the rows are about. */
export interface GithubAround extends Surroundings {
  config: Row<StackConfig>;
  token: Row<string>;
  workspaceId: Row<string>;
  state: Row<StackState>;
}

/** Adds the rows. */
export function githubRows(checkup: Checkup, around: GithubAround): void {
  const token = checkup.add(GROUP, "GitHub token", async () => {
    const config = await need(around.config);
    return config.publishToGithub ? tokenRow(config, await need(around.token), around) : unpublished();
  });
  checkup.add(GROUP, "GitHub variables", async () => {
    const githubToken = await need(token);
    const [workspaceId, config] = [await need(around.workspaceId), await need(around.config)];
    const now = publishedNow(config, { githubToken, workspaceId }, await need(around.state));
    return variablesRow(await ask(githubService(config), around.milliseconds, now), config);
  });
}

function githubService(config: StackConfig): Asked {
  return {
    service: `GitHub (${apiRoot(config).href})`,
    reach: "look whether it can be reached from here, or: pulumi config set AWSMegatests:githubBaseUrl URL",
  };
}

/** What a deployment reads there, and what it needs before it can write a secret. */
const READS = { variables: "variables?per_page=1", secrets: "secrets/public-key" };

/** A token that tells no scopes is a fine-grained one, or an app's: then what it may read is all that can be seen. */
async function tokenRow(
  config: StackConfig,
  token: string,
  { milliseconds }: Surroundings,
): Promise<Finding<string>> {
  const { githubOwner: owner, githubItem } = config;
  const put = `put a token with ${SCOPE} into the 1Password item ${githubItem}`;
  const who = githubService(config);
  const read = (path: string) =>
    ky.get(new URL(`orgs/${owner}/actions/${path}`, apiRoot(config)), {
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
      ...{ timeout: milliseconds, throwHttpErrors: false, retry: 0 },
    });
  const looks = Object.entries(READS).map(async ([what, path]) => ({
    what,
    answer: await ask(who, milliseconds, read(path)),
  }));
  const answers = await Promise.all(looks);
  for (const { what, answer } of answers) {
    const { status } = answer;
    const scopes = scopesOf(answer);
    if (status === 401) return fail("GitHub refuses it: 401", put);
    if (isLimited(answer)) return fail(`${who.service} limits calls: ${status}`, LATER);
    const away = trouble(who, status);
    if (away) throw away;
    if (scopes && !scopes.includes(SCOPE))
      return fail(`its scopes are ${scopes.join(", ")}, without ${SCOPE}`, put);
    if (status === 404)
      return fail(
        `it sees no organization ${owner}: 404`,
        `pulumi config set github:owner ORGANIZATION, or ${put}`,
      );
    if (!answer.ok) return fail(`it may not read ${owner}'s ${what}: ${status}`, put);
  }
  const { answer } = answers[0]!;
  const until = answer.headers.get("github-authentication-token-expiration");
  const scopes = scopesOf(answer);
  const kind = scopes
    ? `scopes ${scopes.join(", ")}`
    : `no scopes told: it reads ${owner}'s variables and secrets; that it may write them only the deployment shows`;
  return pass(until ? `${kind}; until ${until}` : kind, token);
}

/** Its primary limit is a 403, too. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function isLimited({ status, headers }: KyResponse): boolean {
  return status === 403 && (headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after"));
}

/** Undefined where it tells none, as of a fine-grained token. */
function scopesOf({ headers }: KyResponse): string[] | undefined {
  const scopes = (headers.get("x-oauth-scopes") ?? "")
    .split(",")
    .map((scope) => scope.trim())
    .filter(Boolean);
  return scopes.length > 0 ? scopes : undefined;
}

function variablesRow(all: PublishedVariable[], { githubOwner }: StackConfig): Finding<undefined> {
  const wrong = all.filter(({ says, wanted, known }) =>
    known ? says !== wanted : says !== undefined && says !== wanted,
  );
  if (wrong.length === 0) return pass(all.map(({ name }) => name).join(", "));
  const found = wrong.map(({ name, says, known }) => {
    if (says === undefined) return `the organization's variable ${name} is gone`;
    return `The organization's variable ${name} exists already and says something else: ${says}${known ? ", which somebody has changed" : ""}`;
  });
  const mends = wrong.map(({ name, known }) =>
    known ? REFRESH : `gh variable delete ${name} --org ${githubOwner}; then: pulumi up`,
  );
  return fail(found.join("\n"), [...new Set(mends)].join("\n"));
}
