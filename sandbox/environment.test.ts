import { expect, test } from "vitest";
import { environment, searchPath, withoutAccounts } from "./environment.ts";
import { openWorld } from "./world.ts";

const world = openWorld("/state");
const given = {
  engine: { path: "/cache/engine/bin/pulumi", version: "3.258.0", source: "built" as const },
  python: { python: "/venv/bin/python", bin: "/venv/bin" },
  urls: {
    aws: "http://127.0.0.1:1001",
    platform: "http://127.0.0.1:1002",
    onepassword: "http://127.0.0.1:1003",
    github: "http://127.0.0.1:1004",
    sso: "http://127.0.0.1:1005",
  },
  plugins: { aws: 2001, command: 2002 },
  region: "eu-west-1",
};

test("everything points into the state folder and at the services", () => {
  expect(environment(world, given)).toMatchObject({
    PULUMI_BACKEND_URL: "file:///state/state",
    PULUMI_HOME: "/state/pulumi",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/state/passphrase",
    PULUMI_STACK: "sandbox",
    PULUMI_OPTION_CWD: "/state/project",
    PULUMI_RUN_PROGRAM: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: "aws:2001,command:2002",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1001",
    AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1001",
    AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1005",
    AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:1005",
    TOWER_API_ENDPOINT: "http://127.0.0.1:1002/api",
  });
});

test("nothing is attached when every plugin is real, and only then may plugins be fetched", () => {
  const env = environment(world, { ...given, plugins: {}, mayFetchPlugins: true });
  expect(env).not.toHaveProperty("PULUMI_DEBUG_PROVIDERS");
  expect(env).not.toHaveProperty("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION");
});

test("no credential is part of it", () => {
  expect(Object.keys(environment(world, given)).filter((name) => /TOKEN|SECRET|KEY/.test(name))).toEqual([]);
});

test("the sandbox's programs come first on PATH", () => {
  const [first, second, third, fourth] = searchPath(world, given.engine, given.python).split(":");
  expect([first, second, third]).toEqual(["/state/bin", "/cache/engine/bin", "/venv/bin"]);
  expect(fourth).toMatch(/node_modules\/\.bin$/);
});

test("what belongs to real accounts is taken out of the environment, and nothing else", () => {
  const real = {
    ...{ AWS_PROFILE: "mine", PULUMI_ACCESS_TOKEN: "t", OP_ACCOUNT: "me", TOWER_ACCESS_TOKEN: "t" },
    ...{ GITHUB_TOKEN: "t", GH_TOKEN: "t", VIRTUAL_ENV: "/v" },
  };
  const other = { HOME: "/home/me", HTTPS_PROXY: "http://proxy", OPENSSL_CONF: "/o", AWSOME: "1" };
  expect(withoutAccounts({ ...real, ...other })).toEqual(other);
});
