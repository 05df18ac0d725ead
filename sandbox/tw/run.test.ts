import { describe, expect, test } from "vitest";
import { Answer, WORKSPACE_ANSWERS, record } from "./testing/recorder.ts";
import { tw, twAgainst } from "./testing/tw.ts";

const CREDENTIALS = { "GET /credentials": { credentials: [] } };

describe("before any request", () => {
  test("a server without TLS is refused, with no request", async () => {
    const recorder = await record({});
    const { exitCode, stderr } = await tw(["-u", recorder.url, "-t", "x", "credentials", "list"]);
    await recorder.close();
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `\n ERROR: You are trying to connect to an insecure server: ${recorder.url}\n` +
        "        if you want to force the connection use '--insecure'. NOT RECOMMENDED!\n\n",
    );
    expect(recorder.lines()).toEqual([]);
  });

  test("without a token there is no request", async () => {
    const run = await twAgainst({}, ["credentials", "list"], { TOWER_ACCESS_TOKEN: undefined });
    expect(run.stderr).toContain(
      " ERROR: Missing TOWER_ACCESS_TOKEN environment variable or 'tw -t <token> ...' parameter\n",
    );
    expect([run.exitCode, run.lines()]).toEqual([1, []]);
  });

  test.each(["Org/", "a/b/c", "name", ""])("the workspace '%s' is malformed", async (workspace) => {
    const run = await twAgainst({}, ["credentials", "list", "-w", workspace]);
    expect(run.stderr).toContain(` ERROR: Invalid workspace parameter '${workspace}'. Expected format `);
    expect([run.exitCode, run.lines()]).toEqual([1, []]);
  });
});

test("headers: token, agent and type, and nothing a Java client would not send", async () => {
  const run = await twAgainst(CREDENTIALS, ["credentials", "list", "-w", "222"], { TOWER_ACCESS_TOKEN: "" });
  expect(run.requests[0]?.headers).toEqual({
    // The blank after it does not survive the server's parser.
    authorization: "Bearer",
    accept: "application/json",
    "user-agent": "tw/0.38.0 (java)",
    host: expect.any(String) as string,
    connection: "close",
  });
});

test("the base path is kept, a trailing slash does no harm", async () => {
  const recorder = await record({ "GET /api/credentials": { credentials: [] } });
  for (const url of [`${recorder.url}/api`, `${recorder.url}/api/`]) {
    await tw(["--insecure", "-u", url, "-t", "x", "credentials", "list", "-w", "222"]);
  }
  await recorder.close();
  expect(recorder.lines().filter((line) => line.includes("credentials"))).toEqual([
    "GET /api/credentials?workspaceId=222",
    "GET /api/credentials?workspaceId=222",
  ]);
});

describe("errors are text on stderr, also with -o json", () => {
  test.each([
    [new Answer(401), "Unauthorized. Check your access token, workspace id and tower server url."],
    [new Answer(403, { message: "Forbidden here" }), "Forbidden here"],
    [new Answer(409, { credentials: [] }), "null"],
    [new Answer(502, "Bad gateway"), "Bad gateway"],
    [new Answer(500), "error"],
  ])("%o", async (answer, text) => {
    const run = await twAgainst({ "GET /credentials": answer }, ["-o", "json", "credentials", "list"]);
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([1, "", `\n ERROR: ${text}\n\n`]);
    expect(run.lines()).toHaveLength(1);
  });

  test("no connection", async () => {
    const run = await tw(["--insecure", "-u", "http://127.0.0.1:1", "-t", "x", "credentials", "list"]);
    expect(run.stderr).toBe(
      "\n ERROR: Connection error. Check the connection using the command 'tw info'.\n\n",
    );
  });
});

test("--verbose prints bodies in clear, secrets included, as the real one does", async () => {
  const answers = { ...WORKSPACE_ANSWERS, "POST /credentials": { credentialsId: "c1" } };
  const run = await twAgainst(answers, ["-v", "credentials", "add", "aws", "-n", "x", "-s", "geheim"]);
  expect(run.stderr).toContain('"secretKey":"geheim"');
});
