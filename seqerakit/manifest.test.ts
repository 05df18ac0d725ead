import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readManifest } from "./manifest.ts";

const surroundings = { region: "eu-west-1", bucket: "nf-core-awsmegatests" };
const folder = "seqerakit/compute-envs";
const facts = "../shared/facts/nf-core";

describe("nf-core's compute environments", () => {
  it.each([
    ["cpu", "aws_ireland_fusionv2_nvme_cpu_snapshots", "current-env-cpu.json"],
    ["arm", "aws_ireland_fusionv2_nvme_cpu_ARM_snapshots", "current-env-cpu-arm.json"],
    ["gpu", "aws_ireland_fusionv2_nvme_gpu_snapshots", "current-env-gpu.json"],
  ])("%s has its name, its configuration and its Nextflow settings", (key, name, fact) => {
    const { key: found, spec } = readManifest(`${folder}/${key}.yml`, surroundings);
    const { nextflowConfig, ...config } = spec.config;
    expect([found, { ...spec, config: {} }]).toEqual([key, { name, primary: false, labels: [], config: {} }]);
    expect(nextflowConfig).toBe(readFileSync(`${folder}/${key}-nextflow.config`, "utf8"));
    for (const line of ["aws.batch.maxSpotAttempts = 5", "maxRetries    = 2", "(130..145) + 104 + 175"])
      expect(nextflowConfig).toContain(line);
    if (existsSync(facts)) expect(config).toEqual(JSON.parse(readFileSync(join(facts, fact), "utf8")));
    else console.log(`left out: ${key}.json against the recorded environment, which is not there`);
  });
});

describe("a file that cannot be used", () => {
  const made = (
    yml: string,
    json = '{"discriminator":"aws-batch","region":"eu-west-1","workDir":"s3://nf-core-awsmegatests/w"}',
  ) => {
    const path = mkdtempSync(join(tmpdir(), "manifest-"));
    writeFileSync(join(path, "x.yml"), yml);
    writeFileSync(join(path, "x.json"), json);
    return join(path, "x.yml");
  };
  const entry = (more = "") => `compute-envs:
  - name: x
    workspace: $TOWER_ORGANIZATION/$TOWER_WORKSPACE
    credentials: $TOWER_CREDENTIALS
    file-path: ./x.json
    on_exists: ignore
${more}`;

  it("is accepted as written above", () => {
    const more = "    primary: true\n    description: For all, of us & them\n    labels: team=core,cost=1\n";
    expect(readManifest(made(entry(more)), surroundings).spec).toMatchObject({
      name: "x",
      primary: true,
      description: "For all, of us & them",
      labels: ["cost=1", "team=core"],
    });
  });

  it("with a key that nobody knows", () => {
    const path = made(entry("    wait: AVAILABLE\n"));
    expect(() => readManifest(path, surroundings)).toThrow(
      new Error(`A compute environment's file cannot be used.
  file:    ${path}
  got:     ✖ Unrecognized key: "wait"
  → at ["compute-envs"][0]
  allowed: one entry with name, workspace, credentials, file-path, on_exists, description, primary, labels: see seqerakit/compute-envs/README.md
  mend:    edit the file`),
    );
  });

  it("with a name that leaves no room for additions", () => {
    const path = made(entry().replace("name: x", `name: ${"x".repeat(84)}`));
    expect(() => readManifest(path, surroundings)).toThrow(
      "Too big: expected string to have <=83 characters",
    );
  });

  it("with labels in the configuration", () => {
    const path = made(
      entry(),
      '{"discriminator":"aws-batch","region":"eu-west-1","workDir":"s3://nf-core-awsmegatests/w","labels":[{"name":"a","value":"b"}]}',
    );
    expect(() => readManifest(path, surroundings)).toThrow(
      new Error(`A compute environment's file cannot be used.
  file:    ${path.replace("x.yml", "x.json")}
  got:     ✖ Too big: expected array to have <=0 items
  → at labels
  allowed: an AWS Batch configuration with discriminator, region, workDir and no labels: see seqerakit/compute-envs/README.md
  mend:    edit the file`),
    );
  });

  it("that is no JSON", () => {
    const path = made(entry(), "{");
    expect(() => readManifest(path, surroundings)).toThrow(
      `  file:    ${path.replace("x.yml", "x.json")}\n  got:     Expected property name`,
    );
  });

  it("that would delete an existing compute environment", () => {
    const path = made(entry().replace("ignore", "overwrite"));
    expect(() => readManifest(path, surroundings)).toThrow(
      new Error(`A compute environment's file cannot be used.
  file:    ${path}
  got:     ✖ Invalid input: expected "ignore"
  → at ["compute-envs"][0].on_exists
  allowed: one entry with name, workspace, credentials, file-path, on_exists, description, primary, labels: see seqerakit/compute-envs/README.md
  mend:    edit the file`),
    );
  });

  it("in another region than the stack", () => {
    const path = made(entry());
    expect(() => readManifest(path, { ...surroundings, region: "us-east-1" })).toThrow(
      new Error(`A compute environment's file cannot be used.
  file:    ${path.replace("x.yml", "x.json")}
  got:     region eu-west-1
  allowed: us-east-1
  mend:    edit the file, or: pulumi config set aws:region …`),
    );
  });

  it("with a work directory in another bucket", () => {
    expect(() => readManifest(made(entry()), { ...surroundings, bucket: "other" })).toThrow(
      "got:     workDir s3://nf-core-awsmegatests\n  allowed: s3://other",
    );
  });

  it("that is not there", () => {
    expect(() => readManifest("nowhere/x.yml", surroundings)).toThrow(
      new Error(`A compute environment's file cannot be used.
  file:    nowhere/x.yml
  got:     no file that can be read
  allowed: a file in the project
  mend:    see AWSMegatests:computeEnvironments`),
    );
  });
});
