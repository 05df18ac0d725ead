import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { stringify } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { temporaryFolder } from "../../sandbox/tw/testing/temporary-folder.ts";
import { pluginRows } from "./plugins.ts";
import { around, given, textsOf } from "./rows-for-tests.ts";

const { folder, file } = temporaryFolder();
const root = resolve(import.meta.dirname, "../..");
const home = join(folder, "home");
let engine: string;

beforeAll(async () => {
  engine = (await ensureEngine(silent)).path;
  process.env.PATH = `${dirname(engine)}:${process.env.PATH}`;
});

const rows = (env: Record<string, string> = {}, path = "") => {
  const here = around({
    root,
    folder,
    path,
    env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true", ...env },
  });
  return textsOf((checkup) => pluginRows(checkup, here, given(engine)));
};

/** A plugin as the engine keeps an installed one. */
function install(name: string, version: string): void {
  mkdirSync(join(home, "plugins", `resource-${name}-v${version}`), { recursive: true });
  file(`home/plugins/resource-${name}-v${version}/pulumi-resource-${name}`, "#!/bin/sh\n");
  chmodSync(join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`), 0o755);
}

describe("the provider plugins", () => {
  it("are missing, or too old: each with the command of the real engine", async () => {
    install("aws", "8.1.0");
    expect(await rows()).toEqual({
      "plugin aws":
        "fail: 7.48.0 is not installed, only 8.1.0\nmend: pulumi plugin install resource aws v7.48.0",
      "plugin command": "fail: 1.2.1 is not installed\nmend: pulumi plugin install resource command v1.2.1",
      "plugin github": "fail: 6.15.0 is not installed\nmend: pulumi plugin install resource github v6.15.0",
      "plugin onepassword":
        "fail: 1.1.3 is not installed\nmend: pulumi plugin install resource onepassword v1.1.3 --server github://api.github.com/1Password/pulumi-onepassword",
    });
  });

  it("are installed, on PATH, named in Pulumi.yaml, or attached", async () => {
    install("aws", "7.49.0");
    mkdirSync(join(folder, "bin"));
    const onPath = file("bin/pulumi-resource-command", "#!/bin/sh\n");
    chmodSync(onPath, 0o755);
    file(
      "Pulumi.yaml",
      stringify({ name: "P", plugins: { providers: [{ name: "github", path: "../mine" }] } }),
    );
    const env = { PULUMI_DEBUG_PROVIDERS: "onepassword:4711" };
    expect(await rows(env, join(folder, "bin"))).toEqual({
      "plugin aws": "pass: 7.49.0, installed",
      "plugin command": `pass: ${onPath}, on PATH`,
      "plugin github": "pass: ../mine, named in Pulumi.yaml",
      "plugin onepassword": "pass: attached at port 4711",
    });
  });
});
