import ky from "ky";
import { describe, expect, it, onTestFinished } from "vitest";
import type { StackConfig } from "../../config.ts";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { startGithub } from "../../sandbox/services/github/index.ts";
import { makeSeed } from "../../sandbox/services/seed.ts";
import { githubRows, type GithubAround } from "./github.ts";
import { around, EMPTY_STATE, given, textsOf } from "./rows-for-tests.ts";

const PUT = "mend: put a token with admin:org into the 1Password item GitHub token";
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
  return { faults, rows, publish };
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

  it("does not tell the rights of a fine-grained token: what it may read shows", async () => {
    const { rows, faults } = await start(null);
    expect((await rows())["GitHub token"]).toBe("pass: fine-grained, reads nf-core's variables");
    faults.add({ service: "github", kind: "status", status: 403 });
    expect((await rows())["GitHub token"]).toBe(`fail: it may not read nf-core's variables: 403\n${PUT}`);
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
mend: pulumi refresh --run-program --yes, then: pulumi up`);
  });

  it("is not asked where nothing is published", async () => {
    const { rows } = await start();
    expect(await rows({ publishToGithub: false })).toEqual({
      "GitHub token": "not applicable: publishToGithub is false",
      "GitHub variables": "not applicable: not checked: GitHub token is not applicable",
    });
  });
});
