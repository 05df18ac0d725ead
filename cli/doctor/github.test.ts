import ky from "ky";
import { describe, expect, it, onTestFinished } from "vitest";
import type { StackConfig } from "../../config.ts";
import { FaultInjector, type FaultRule } from "../../sandbox/services/faults.ts";
import { startGithub } from "../../sandbox/services/github/index.ts";
import { makeSeed } from "../../sandbox/services/seed.ts";
import { githubRows, type GithubAround } from "./github.ts";
import { surroundingsHere } from "./surroundings.ts";
import { around, deadUrl, EMPTY_STATE, given, textsOf } from "./rows-for-tests.ts";

const PUT = "mend: put a token with admin:org into the 1Password item GitHub token";
const LATER = "mend: try again later: npm run --silent megatests -- doctor";
const REACH =
  "mend: look whether it can be reached from here, or: pulumi config set AWSMegatests:githubBaseUrl URL";
const NAMES = "TOWER_COMPUTE_ENV_CPU, TOWER_WORKSPACE_ID, AWS_S3_BUCKET";
const state = { ...EMPTY_STATE, computeEnvironments: [{ key: "cpu", id: "e1", replaced: false }] };
const known = { ...state, variableNames: NAMES.split(", ") };

async function start(scopes?: string | null) {
  const seed = makeSeed();
  const faults = new FaultInjector();
  const github = await startGithub({ seed, faults, scopes });
  onTestFinished(() => github.close());
  const headers = { authorization: `Bearer ${seed.githubToken}` };
  const variables = `${github.url}/api/v3/orgs/nf-core/actions/variables`;
  const rows = (changes: Partial<StackConfig> = {}, some: Partial<GithubAround> = {}) =>
    textsOf((checkup) => {
      const config = {
        ...{ publishToGithub: true, githubOwner: "nf-core", githubBaseUrl: `${github.url}/`, callSeconds: 5 },
        ...{
          computeEnvironmentVariablePrefix: "TOWER_COMPUTE_ENV_",
          bucket: "work",
          githubItem: "GitHub token",
        },
        ...{ computeEnvironments: ["seqerakit/compute-envs/cpu.yml"], ...changes },
      };
      githubRows(checkup, {
        ...{ ...around({ milliseconds: 3000 }), config: given(config as StackConfig) },
        ...{ token: given(seed.githubToken), workspaceId: given("42"), state: given(state), ...some },
      });
    });
  const publish = (name: string, value: string) =>
    ky.post(variables, { headers, json: { name, value, visibility: "all" } });
  return { faults, rows, publish, url: github.url };
}

describe("GitHub", () => {
  it("is well, before and after the first deployment", async () => {
    const { rows, publish } = await start();
    const good = { "GitHub token": "pass: scopes admin:org, repo", "GitHub variables": `pass: ${NAMES}` };
    expect(await rows()).toEqual(good);
    for (const [name, value] of [
      ["TOWER_COMPUTE_ENV_CPU", "e1"],
      ["TOWER_WORKSPACE_ID", "42"],
      ["AWS_S3_BUCKET", "work"],
    ] as const)
      await publish(name, value);
    expect(await rows({}, { state: given(known) })).toEqual(good);
  });

  it("refuses the token", async () => {
    const { rows } = await start();
    expect(await rows({}, { token: given("ghp_revoked") })).toEqual({
      "GitHub token": `fail: GitHub refuses it: 401\n${PUT}`,
      "GitHub variables": "not applicable: not checked: GitHub token fails",
    });
  });

  it("gives the token too small a scope", async () => {
    const { rows } = await start("repo, read:org");
    expect((await rows())["GitHub token"]).toBe(
      `fail: its scopes are repo, read:org, without admin:org\n${PUT}`,
    );
  });

  it.each([
    ["none", null],
    ["an empty list of them", ""],
  ])(
    "tells %s of a fine-grained token's or an app's rights: what it may read shows, and no more",
    async (_what, scopes) => {
      const { rows, faults } = await start(scopes);
      expect((await rows())["GitHub token"]).toBe(
        "pass: no scopes told: it reads nf-core's variables and secrets; that it may write them only the deployment shows",
      );
      faults.add({ service: "github", kind: "status", status: 403, path: "/actions/variables" });
      expect((await rows())["GitHub token"]).toBe(`fail: it may not read nf-core's variables: 403\n${PUT}`);
      faults.add({ service: "github", kind: "status", status: 403, path: "/actions/secrets/public-key" });
      expect((await rows())["GitHub token"]).toBe(`fail: it may not read nf-core's secrets: 403\n${PUT}`);
    },
  );

  it("has no such organization for the token", async () => {
    const { rows } = await start();
    expect((await rows({ githubOwner: "nf-care" }))["GitHub token"]).toBe(
      `fail: it sees no organization nf-care: 404\nmend: pulumi config set github:owner ORGANIZATION, or ${PUT.slice(6)}`,
    );
  });

  it("is silent, limits calls or is out of order: the token is not to blame", async () => {
    const { rows, faults, url } = await start();
    const { milliseconds } = surroundingsHere();
    const when = async (rule: Omit<FaultRule, "service">) => {
      faults.clear();
      faults.add({ service: "github", times: 9, ...rule });
      return (await rows({}, { milliseconds }))["GitHub token"];
    };
    const name = `GitHub (${url}/api/v3/)`;
    expect(await when({ kind: "status", status: 503 })).toBe(`fail: ${name} does not answer: 503\n${LATER}`);
    for (const status of [403, 429])
      expect(await when({ kind: "status", status, retryAfterSeconds: 60 })).toBe(
        `fail: ${name} limits calls: ${status}\n${LATER}`,
      );
    const begun = Date.now();
    expect(await when({ kind: "hang" })).toBe(
      `fail: ${name} does not answer: nothing for 4 seconds\n${REACH}`,
    );
    expect(Date.now() - begun).toBeLessThan(surroundingsHere().rowMilliseconds);
    const dead = await deadUrl();
    expect((await rows({ githubBaseUrl: `${dead}/` }))["GitHub token"]).toBe(
      `fail: GitHub (${dead}/api/v3/) does not answer: connect ECONNREFUSED ${dead.slice(7)}\n${REACH}`,
    );
  });

  it("has variables of somebody else, and some that somebody has changed or taken away", async () => {
    const { rows, publish } = await start();
    await publish("TOWER_COMPUTE_ENV_CPU", "e9");
    expect((await rows())["GitHub variables"])
      .toBe(`fail: The organization's variable TOWER_COMPUTE_ENV_CPU exists already and says something else: e9
mend: gh variable delete TOWER_COMPUTE_ENV_CPU --org nf-core; then: pulumi up`);
    await publish("AWS_S3_BUCKET", "work");
    expect((await rows({}, { state: given(known) }))["GitHub variables"])
      .toBe(`fail: The organization's variable TOWER_COMPUTE_ENV_CPU exists already and says something else: e9, which somebody has changed
the organization's variable TOWER_WORKSPACE_ID is gone
mend: pulumi refresh --run-program --yes && pulumi up`);
  });

  it("is not asked where nothing is published", async () => {
    const { rows } = await start();
    expect(await rows({ publishToGithub: false })).toEqual({
      "GitHub token": "not applicable: publishToGithub is false",
      "GitHub variables": "not applicable: not checked: GitHub token is not applicable",
    });
  });
});
