import { describe, expect, test } from "vitest";
import { ANSWERS, CREDENTIALS_LINE, W, after } from "../testing/compute-envs.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

const { file } = temporaryFolder();

describe("add aws-batch forge", () => {
  const FORGE = ["compute-envs", "add", "aws-batch", "forge", "-n", "cpu", "--work-dir", "s3://bucket"];
  const ENOUGH = [...FORGE, "-r", "eu-west-1", "--max-cpus", "8", ...W];

  test("sends every switch, and of the rest only what was given", async () => {
    const run = await after(["-o", "json", ...ENOUGH]);
    expect(run.rest).toEqual([CREDENTIALS_LINE, "POST /compute-envs?workspaceId=222"]);
    expect(run.requests.at(-1)?.body).toEqual({
      computeEnv: {
        name: "cpu",
        platform: "aws-batch",
        credentialsId: "c1",
        config: {
          discriminator: "aws-batch",
          workDir: "s3://bucket",
          region: "eu-west-1",
          fusion2Enabled: false,
          waveEnabled: false,
          nvnmeStorageEnabled: false,
          fusionSnapshots: false,
          forge: {
            type: "SPOT",
            minCpus: 0,
            maxCpus: 8,
            gpuEnabled: false,
            ebsAutoScale: true,
            disposeOnDeletion: true,
            fargateHeadEnabled: false,
          },
        },
      },
    });
    expect(JSON.parse(run.stdout)).toEqual({
      id: "e1",
      platform: "aws-batch",
      name: "cpu",
      workspaceId: 222,
      workspaceRef: "[nf-core / AWSmegatests]",
    });
  });

  test("options reach their places", async () => {
    const nextflow = file("nextflow.config", "process.maxRetries = 2\n");
    const run = await after([
      ...ENOUGH,
      ...[
        "--fusion-v2",
        "--wave",
        "--fast-storage",
        "--snapshots",
        "--fargate",
        "--gpu",
        "--preserve-resources",
      ],
      ...["--provisioning-model=EC2", "--instance-types", "c6id,m6id", "--allow-buckets=s3://a,s3://b"],
      ...["--nextflow-config", nextflow, "--boot-disk-size", "50", "--head-job-cpus=2", "-d", "about"],
      ...["-e", "A=1", "-e", "compute:B=2", "-e", "both:C=3=4", "--create-efs", "--fsx-size", "1200"],
    ]);
    expect(run.requests.at(-1)?.body).toMatchObject({
      computeEnv: {
        description: "about",
        config: {
          fusion2Enabled: true,
          waveEnabled: true,
          nvnmeStorageEnabled: true,
          fusionSnapshots: true,
          nextflowConfig: "process.maxRetries = 2\n",
          headJobCpus: 2,
          environment: [
            { name: "A", value: "1", head: true, compute: false },
            { name: "B", value: "2", head: false, compute: true },
            { name: "C", value: "3=4", head: true, compute: true },
          ],
          forge: {
            type: "EC2",
            gpuEnabled: true,
            instanceTypes: ["c6id", "m6id"],
            allowBuckets: ["s3://a", "s3://b"],
            disposeOnDeletion: false,
            fargateHeadEnabled: true,
            ebsBootSize: 50,
            efsCreate: true,
            fsxSize: 1200,
          },
        },
      },
    });
  });

  test("labels are found or made before all else", async () => {
    const labels = [
      { id: 5, name: "team", value: "other" },
      { id: 6, name: "team", value: "core" },
    ];
    const answers = {
      ...ANSWERS,
      "GET /labels": ({ path }: { path: string }) =>
        path.includes("search=team") ? { labels, totalSize: 2 } : { labels: [], totalSize: 0 },
      "POST /labels": { id: 9 },
    };
    const run = await after([...ENOUGH, "--labels", "team=core,cost=low"], answers);
    expect(run.rest).toEqual([
      "GET /labels?workspaceId=222&max=100&search=team&type=resource&offset=0",
      "GET /labels?workspaceId=222&max=100&search=cost&type=resource&offset=0",
      "POST /labels?workspaceId=222",
      CREDENTIALS_LINE,
      "POST /compute-envs?workspaceId=222",
    ]);
    expect(run.requests[4]?.body).toEqual({ name: "cost", value: "low", resource: true });
    expect(run.requests.at(-1)?.body).toMatchObject({ labelIds: [6, 9] });
  });

  test.each([
    [["--fusion-v2"], "Fusion v2 requires Wave service", 0],
    [["--labels", "plain"], "Label value is required", 0],
    [["-c", "other"], "No valid credentials found at the workspace", 1],
  ])("%j is refused before the write", async (more, text, calls) => {
    const run = await after([...ENOUGH, ...more]);
    expect([run.exitCode, run.stderr, run.rest.length]).toEqual([1, `\n ERROR: ${text}\n\n`, calls]);
  });

  test("of several credentials one has to be chosen", async () => {
    const two = {
      credentials: [
        { id: "c1", name: "a" },
        { id: "c2", name: "b" },
      ],
    };
    const answers = { ...ANSWERS, "GET /credentials": two };
    expect((await after(ENOUGH, answers)).stderr).toContain(
      "Multiple credentials match this compute environment.",
    );
    const chosen = await after([...ENOUGH, "-c", "b"], answers);
    expect(chosen.requests.at(-1)?.body).toMatchObject({ computeEnv: { credentialsId: "c2" } });
  });
});
