import { describe, expect, test } from "vitest";
import { ANSWERS, CONFIG, CREDENTIALS_LINE, W, after } from "../testing/compute-envs.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { twAgainst } from "../testing/tw.ts";

const { file } = temporaryFolder();

describe("import", () => {
  test("sends the file's config as it is, without its labels", async () => {
    const path = file("ce.json", { ...CONFIG, labels: [] });
    const run = await after(["compute-envs", "import", path, "-n", "cpu", "-c", "tower-awstest", ...W]);
    expect(run.rest).toEqual([CREDENTIALS_LINE, "POST /compute-envs?workspaceId=222"]);
    expect(run.requests.at(-1)?.body).toEqual({
      computeEnv: { name: "cpu", platform: "aws-batch", credentialsId: "c1", config: CONFIG },
    });
    expect(run.stdout).toBe(
      "\n  New AWS-BATCH compute environment 'cpu' added at [nf-core / AWSmegatests] workspace\n\n",
    );
  });

  test("labels come from the file, unless some are given", async () => {
    const path = file("labels.json", { ...CONFIG, labels: [{ name: "simple" }] });
    const labels = { "GET /labels": { labels: [], totalSize: 0 }, "POST /labels": { id: 9 } };
    const run = await after(["ce", "import", path, "-n", "cpu", ...W], { ...ANSWERS, ...labels });
    expect(run.rest[0]).toBe("GET /labels?workspaceId=222&max=100&search=simple&type=simple&offset=0");
    expect(run.requests[3]?.body).toEqual({ name: "simple" });
    const given = await after(["ce", "import", path, "-n", "cpu", "--labels", "a=b", ...W], {
      ...ANSWERS,
      ...labels,
    });
    expect(given.requests[3]?.body).toEqual({ name: "a", value: "b", resource: true });
  });

  test("--overwrite deletes one that is AVAILABLE, and does not wait", async () => {
    const path = file("ce.json", CONFIG);
    const run = await after(["ce", "import", path, "-n", "cpu", "--overwrite", ...W]);
    expect(run.rest).toEqual([
      "GET /compute-envs?status=AVAILABLE&workspaceId=222",
      "GET /compute-envs/e1?workspaceId=222",
      "DELETE /compute-envs/e1?workspaceId=222",
      CREDENTIALS_LINE,
      "POST /compute-envs?workspaceId=222",
    ]);
  });

  test.each([
    ["/not/there.json", "\n ERROR: File not found. /not/there.json\n\n"],
    [file("no-discriminator.json", { region: "x" }), "missing type id property 'discriminator'\n"],
  ])("%s is refused without a request", async (path, text) => {
    const run = await twAgainst(ANSWERS, ["ce", "import", path, "-n", "cpu", ...W]);
    expect([run.exitCode, run.stderr, run.lines()]).toEqual([1, text, []]);
  });
});
