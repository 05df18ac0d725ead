import ky from "ky";
import { expect, it, onTestFinished } from "vitest";
import type { StackConfig } from "../../config.ts";
import { FaultInjector } from "../../sandbox/services/faults.ts";
import { startGithub } from "../../sandbox/services/github/index.ts";
import { makeSeed } from "../../sandbox/services/seed.ts";
import { publishedNow } from "./published.ts";

it("asks GitHub for all variables, or for those alone that the state does not know", async () => {
  const seed = makeSeed();
  const faults = new FaultInjector();
  const github = await startGithub({ seed, faults });
  onTestFinished(() => github.close());
  const config = {
    ...{ githubOwner: "nf-core", githubBaseUrl: `${github.url}/`, callSeconds: 5, bucket: "work" },
    ...{ computeEnvironmentVariablePrefix: "CE_", computeEnvironments: ["seqerakit/compute-envs/cpu.yml"] },
  } as StackConfig;
  await ky.post(`${github.url}/api/v3/orgs/nf-core/actions/variables`, {
    headers: { authorization: `Bearer ${seed.githubToken}` },
    json: { name: "CE_CPU", value: "e0", visibility: "all" },
  });
  const state = {
    computeEnvironments: [
      { key: "cpu", id: "e0", replaced: true },
      { key: "cpu", id: "e1", replaced: false },
    ],
    variableNames: ["AWS_S3_BUCKET"],
  };
  const tokens = { githubToken: seed.githubToken, workspaceId: "42" };
  const strays = [
    { name: "CE_CPU", says: "e0", wanted: "e1", known: false },
    { name: "TOWER_WORKSPACE_ID", says: undefined, wanted: "42", known: false },
  ];
  expect(await publishedNow(config, tokens, state)).toEqual([
    ...strays,
    { name: "AWS_S3_BUCKET", says: undefined, wanted: "work", known: true },
  ]);
  // Whatever is the matter with those that the state knows.
  faults.add({ service: "github", path: "AWS_S3_BUCKET$", kind: "status", status: 403, times: 1 });
  expect(await publishedNow(config, tokens, state, (known) => !known)).toEqual(strays);
  await expect(publishedNow(config, tokens, state)).rejects.toThrow("403");
});
