import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld } from "../../sandbox/world.ts";
import { shellEnvironment } from "./shell.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "shell it's "));
});
afterEach(() => rm(folder, { recursive: true }));

const secrets = {
  awsAccessKeyId: "AKIA1",
  awsSecretAccessKey: "canary-aws",
  platformToken: "canary-platform",
  githubToken: "canary-github",
  connectToken: "canary-connect",
};

test("a shell that evaluates the lines has it all, and no secret was printed", async () => {
  const { lines, environment } = await shellEnvironment(
    openWorld(folder),
    { AWS_REGION: "it's here" },
    secrets,
  );
  expect([...lines, ...Object.values(environment)].join("\n")).not.toContain("canary");
  const script = `${lines.join("\n")}\necho "$AWS_REGION|$AWS_ACCESS_KEY_ID|$AWS_SECRET_ACCESS_KEY|$TOWER_ACCESS_TOKEN|$GITHUB_TOKEN|$OP_ACCOUNT"`;
  const { stdout } = await execa("sh", ["-c", script], { env: { OP_ACCOUNT: "mine" } });
  expect(stdout).toBe("it's here|AKIA1|canary-aws|canary-platform|canary-github|");
  for (const name of ["AWS_SECRET_ACCESS_KEY", "TOWER_ACCESS_TOKEN", "GITHUB_TOKEN"])
    expect((await stat(join(folder, "secrets", name))).mode & 0o777).toBe(0o600);
});
