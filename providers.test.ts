import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeProviders, type ProvidersArgs } from "./providers.ts";
import { RecordingMocks, settled, useMocks } from "./test/mocks.ts";

const args: ProvidersArgs = {
  region: "eu-west-1",
  awsEndpoints: {},
  githubOwner: "lab",
  publishToGithub: true,
  githubBaseUrl: "",
};
const credentials = { aws: { accessKeyId: "AKIA1", secretAccessKey: "s3cr3t" }, github: { token: "t0ken" } };
let mocks: RecordingMocks;

beforeEach(async () => {
  const none = () => ({});
  mocks = new RecordingMocks({
    "pulumi:providers:aws": none,
    "pulumi:providers:command": none,
    "pulumi:providers:github": none,
  });
  await useMocks(mocks);
});
afterEach(() => {
  vi.unstubAllEnvs();
  delete process.env["GITHUB_BASE_URL"];
});

describe("makeProviders", () => {
  it("sends GitHub's token to github.com, whatever the environment says", async () => {
    process.env["GITHUB_BASE_URL"] = "https://elsewhere.example.org/";
    makeProviders(args, credentials);
    await settled();
    const { inputs, secrets } = mocks.one("pulumi:providers:github");
    expect([inputs["baseUrl"], inputs["token"], secrets]).toEqual([
      "https://api.github.com/",
      "t0ken",
      ["token"],
    ]);
  });

  it("makes no GitHub provider where nothing is published", async () => {
    expect(makeProviders({ ...args, publishToGithub: false }, credentials).github).toBeUndefined();
    await settled();
    expect(mocks.of("pulumi:providers:github")).toEqual([]);
  });

  it.each([undefined, "t0ken"])(
    "gives AWS the named credentials alone, with the session token %s: no argument is left to the environment",
    async (sessionToken) => {
      vi.stubEnv("AWS_SESSION_TOKEN", "of somebody else");
      vi.stubEnv("AWS_PROFILE", "of-somebody-else");
      makeProviders(args, { ...credentials, aws: { ...credentials.aws, sessionToken } });
      await settled();
      const { inputs, secrets } = mocks.one("pulumi:providers:aws");
      const { accessKey, secretKey, token, profile } = inputs;
      expect({ accessKey, secretKey, token, profile }).toEqual({
        ...{ accessKey: "AKIA1", secretKey: "s3cr3t" },
        ...{ token: sessionToken ?? "", profile: "" },
      });
      expect(secrets).toEqual(["accessKey", "secretKey", "token"]);
    },
  );

  it("has AWS's own checks of account and credentials made, but for an imitation on loopback", async () => {
    makeProviders({ ...args, awsEndpoints: { s3: "https://s3.vpce.example.org" } }, credentials);
    makeProviders({ ...args, awsEndpoints: { s3: "http://127.0.0.1:1" } }, credentials);
    await settled();
    const skipped = mocks.of("pulumi:providers:aws").map(({ inputs }) => inputs["skipCredentialsValidation"]);
    expect(skipped).toEqual(["false", "true"]);
  });
});
