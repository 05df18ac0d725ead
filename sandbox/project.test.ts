import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { stackConfig, writeConfig, writeProject } from "./project.ts";
import { openWorld, prepareWorld, type World } from "./world.ts";

const urls = {
  aws: "http://127.0.0.1:1001",
  platform: "http://127.0.0.1:1002",
  onepassword: "http://127.0.0.1:1003",
  github: "http://127.0.0.1:1004",
  sso: "http://127.0.0.1:1005",
};
let world: World;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  world = { ...openWorld(join(folder, "state")), root: join(folder, "clone") };
  await prepareWorld(world);
  await mkdir(world.root);
  await writeFile(join(world.root, "Pulumi.yaml"), "name: Lab\nruntime: nodejs\n");
});
afterEach(() => rm(join(world.root, ".."), { recursive: true }));

const written = async (name: string) =>
  parse(await readFile(join(world.project, name), "utf8")) as Record<string, unknown>;

test("the project is the clone's, with the program where it is and the plugins that were named", async () => {
  await writeProject(world, { aws: "/plugins/aws" });
  expect(await written("Pulumi.yaml")).toEqual({
    name: "Lab",
    runtime: "nodejs",
    main: world.root,
    plugins: { providers: [{ name: "aws", path: "/plugins/aws" }] },
  });
  await writeProject(world, {});
  expect(await written("Pulumi.yaml")).not.toHaveProperty("plugins");
});

test("the config is the clone's, with every service replaced and nothing that was encrypted for a real stack", async () => {
  const dev = {
    config: {
      "aws:region": "eu-west-1",
      "Lab:platformEndpoint": "https://api.cloud.seqera.io",
      "Lab:other": { secure: "v1:abc" },
      "pulumi-onepassword:connect_token": "of the real one, unwisely in clear",
      "pulumi-onepassword:service_account_token": { secure: "v1:def" },
    },
    encryptionsalt: "v1:real",
  };
  await writeFile(join(world.root, "Pulumi.dev.yaml"), stringify(dev));
  await writeConfig(world, urls);
  expect(await stackConfig(world)).toEqual({
    "aws:region": "eu-west-1",
    "pulumi-onepassword:connect_host": urls.onepassword,
    "Lab:platformEndpoint": `${urls.platform}/api`,
    "Lab:awsEndpoints": { iam: urls.aws, s3: urls.aws, sts: urls.aws, batch: urls.aws },
    "Lab:githubBaseUrl": `${urls.github}/`,
    "Lab:pollMilliseconds": "500",
  });
  expect(await written("Pulumi.sandbox.yaml")).not.toHaveProperty("encryptionsalt");
});

test("the sandbox's own salt and encrypted token stay when it is written anew", async () => {
  await writeFile(join(world.root, "Pulumi.dev.yaml"), "config: {}\n");
  const token = { secure: "v1:mine" };
  const before = {
    config: { "pulumi-onepassword:connect_token": token, "Lab:old": 1 },
    encryptionsalt: "v1:salt",
  };
  await writeFile(join(world.project, "Pulumi.sandbox.yaml"), stringify(before));
  await writeConfig(world, urls);
  const config = await stackConfig(world);
  expect(config["pulumi-onepassword:connect_token"]).toEqual(token);
  expect(config).not.toHaveProperty("Lab:old");
  expect((await written("Pulumi.sandbox.yaml")).encryptionsalt).toBe("v1:salt");
});
