/** GitHub: whether the token may publish, and whether what it is to publish is somebody else's. */
import ky, { type KyResponse } from "ky";
import type { StackConfig } from "../../config.ts";
import { apiRoot } from "../../github/index.ts";
import { publishedNow, type PublishedVariable } from "../stack/published.ts";
import type { StackState } from "../stack/state.ts";
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
    const workspaceId = await need(around.workspaceId);
    const config = await need(around.config);
    const all = await publishedNow(config, { githubToken, workspaceId }, await need(around.state));
    return variablesRow(all, config);
  });
}

/** Asks for what a deployment reads, too; a token that tells no scopes is a fine-grained one. */
async function tokenRow(
  config: StackConfig,
  token: string,
  { milliseconds }: Surroundings,
): Promise<Finding<string>> {
  const { githubOwner: owner, githubItem } = config;
  const put = `put a token with ${SCOPE} into the 1Password item ${githubItem}`;
  const answer = await ky.get(new URL(`orgs/${owner}/actions/variables?per_page=1`, apiRoot(config)), {
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
    ...{ timeout: milliseconds, throwHttpErrors: false, retry: 1 },
  });
  const scopes = scopesOf(answer);
  if (answer.status === 401) return fail("GitHub refuses it: 401", put);
  if (scopes && !scopes.includes(SCOPE))
    return fail(`its scopes are ${scopes.join(", ") || "none"}, without ${SCOPE}`, put);
  if (!answer.ok) return fail(`it may not read ${owner}'s variables: ${answer.status}`, put);
  const until = answer.headers.get("github-authentication-token-expiration");
  const kind = scopes ? `scopes ${scopes.join(", ")}` : `fine-grained, reads ${owner}'s variables`;
  return pass(until ? `${kind}, until ${until}` : kind, token);
}

function scopesOf({ headers }: KyResponse): string[] | undefined {
  return headers
    .get("x-oauth-scopes")
    ?.split(",")
    .map((scope) => scope.trim())
    .filter(Boolean);
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
    known
      ? "pulumi refresh --run-program --yes, then: pulumi up"
      : `gh variable delete ${name} --org ${githubOwner}; then: pulumi up`,
  );
  return fail(found.join("\n"), [...new Set(mends)].join("\n"));
}
