import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { RecordingMocks, useMocks, valueOf } from "../test/mocks.ts";
import { type PublishedArgs, PublishedToGithub } from "./index.ts";

let mocks: RecordingMocks;
const VARIABLE = "github:index/actionsOrganizationVariable:ActionsOrganizationVariable";
const SECRET = "github:index/actionsOrganizationSecret:ActionsOrganizationSecret";

beforeEach(async () => {
  const none = () => ({});
  mocks = new RecordingMocks({
    "pulumi:providers:github": none,
    "AWSMegatests:github:PublishedToGithub": none,
    [VARIABLE]: none,
    [SECRET]: none,
  });
  await useMocks(mocks);
});

function make(changes: Partial<PublishedArgs> = {}) {
  const args: PublishedArgs = {
    publishToGithub: true,
    githubVisibility: "all",
    computeEnvironmentVariablePrefix: "TOWER_COMPUTE_ENV_",
    computeEnvironmentIds: { cpu: "1", "gpu-big": "2" },
    workspaceId: "42",
    bucket: "lab-work",
    token: pulumi.secret("t0ken"),
    ...{ githubOwner: "lab", githubBaseUrl: "", callSeconds: 60, githubToken: pulumi.secret("gh") },
    ...changes,
  };
  return new PublishedToGithub("github", args, { provider: new github.Provider("github", {}) });
}

describe("PublishedToGithub", () => {
  it("makes a variable for each id, and the token's secret", async () => {
    const made = make();
    expect(await valueOf(made.variableNames)).toEqual([
      "AWS_S3_BUCKET",
      "TOWER_COMPUTE_ENV_CPU",
      "TOWER_COMPUTE_ENV_GPU_BIG",
      "TOWER_WORKSPACE_ID",
    ]);
    const values = mocks
      .of(VARIABLE)
      .map(({ inputs }) => [inputs["variableName"], inputs["value"], inputs["visibility"]]);
    expect(values).toEqual([
      ["TOWER_COMPUTE_ENV_CPU", "1", "all"],
      ["TOWER_COMPUTE_ENV_GPU_BIG", "2", "all"],
      ["TOWER_WORKSPACE_ID", "42", "all"],
      ["AWS_S3_BUCKET", "lab-work", "all"],
    ]);
    const { inputs, secrets } = mocks.one(SECRET);
    expect(secrets).toEqual(["value"]);
    expect(Object.keys(inputs).toSorted()).toEqual(["secretName", "value", "visibility"]);
    expect(inputs["secretName"]).toBe("TOWER_ACCESS_TOKEN");
  });

  it("publishes nothing where that is switched off", async () => {
    expect(await valueOf(make({ publishToGithub: false }).variableNames)).toEqual([]);
    expect([...mocks.of(VARIABLE), ...mocks.of(SECRET)]).toEqual([]);
  });
});
