import { describe, expect, test } from "vitest";
import { ANSWERS, EXISTING, W } from "../testing/credentials.ts";
import { WORKSPACE_LINES } from "../testing/recorder.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { twAgainst } from "../testing/tw.ts";

const secretFile = temporaryFolder().file("secret", "abc/DEF+ghi=\n");

describe("add aws", () => {
  test("sends the keys, the secret from a file", async () => {
    const args = [
      "-o",
      "json",
      "credentials",
      "add",
      "aws",
      "-n",
      "new",
      "-a",
      "AKIA1",
      "-s",
      `@${secretFile}`,
    ];
    const run = await twAgainst(ANSWERS, [...args, ...W]);
    expect(run.lines()).toEqual([
      ...WORKSPACE_LINES,
      "POST /credentials?workspaceId=222&useExternalId=false",
    ]);
    expect(run.requests[2]?.headers["content-type"]).toBe("application/json");
    expect(run.requests[2]?.body).toEqual({
      credentials: {
        name: "new",
        provider: "aws",
        keys: { discriminator: "aws", accessKey: "AKIA1", secretKey: "abc/DEF+ghi=" },
      },
    });
    expect(JSON.parse(run.stdout)).toEqual({
      id: "c2",
      provider: "AWS",
      name: "new",
      workspaceRef: "[nf-core / AWSmegatests]",
    });
  });

  test("--overwrite deletes the one of that name first, and only it", async () => {
    const run = await twAgainst(ANSWERS, [
      "credentials",
      "add",
      "aws",
      "-n",
      EXISTING.name,
      "--overwrite",
      ...W,
    ]);
    expect(run.lines().slice(2)).toEqual([
      "GET /credentials?workspaceId=222",
      "DELETE /credentials/c1?workspaceId=222&checked=false",
      "POST /credentials?workspaceId=222&useExternalId=false",
    ]);
    const other = await twAgainst(ANSWERS, ["credentials", "add", "aws", "-n", "new", "--overwrite", ...W]);
    expect(other.lines().slice(2)).toEqual([
      "GET /credentials?workspaceId=222",
      "POST /credentials?workspaceId=222&useExternalId=false",
    ]);
    expect(run.stdout).toBe(
      "\n  New AWS credentials 'tower-awstest (c2)' added at [nf-core / AWSmegatests] workspace\n\n",
    );
  });

  test("role mode sends no keys and asks for an external id", async () => {
    const answers = { ...ANSWERS, "GET /credentials/c2": { credentials: { keys: { externalId: "ext" } } } };
    const args = [
      "credentials",
      "add",
      "aws",
      "-n",
      "r",
      "--mode",
      "role",
      "-r",
      "arn:aws:iam::1:role/x",
      ...W,
    ];
    const run = await twAgainst(answers, ["-o", "json", ...args]);
    expect(run.lines()[2]).toBe("POST /credentials?workspaceId=222&useExternalId=true");
    expect(run.requests[2]?.body).toMatchObject({
      credentials: { keys: { discriminator: "aws", mode: "role", assumeRoleArn: "arn:aws:iam::1:role/x" } },
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ id: "c2", externalId: "ext" });
  });

  test.each([
    [["--mode", "other"], "Invalid AWS credential mode 'other'. Allowed values: 'keys', 'role'."],
    [["--mode", "role"], "Option '--assume-role-arn' is required when using '--mode=role'."],
    [
      ["--mode", "role", "-a", "AKIA1"],
      "Options '--access-key' and '--secret-key' cannot be used with '--mode=role'.",
    ],
    [
      ["--generate-external-id"],
      "Option '--generate-external-id' requires '--assume-role-arn' to be specified.",
    ],
  ])("%j is refused without a write", async (more, text) => {
    const run = await twAgainst(ANSWERS, ["credentials", "add", "aws", "-n", "x", "-w", "222", ...more]);
    expect([run.exitCode, run.stderr, run.lines()]).toEqual([1, `\n ERROR: ${text}\n\n`, []]);
  });
});

describe("update aws", () => {
  const keys = ["-a", "AKIA2", "-s", `@${secretFile}`];
  const body = {
    credentials: {
      id: "c1",
      name: "tower-awstest",
      provider: "aws",
      keys: { discriminator: "aws", accessKey: "AKIA2", secretKey: "abc/DEF+ghi=" },
    },
  };

  test("by name: the list, then in place", async () => {
    const run = await twAgainst(ANSWERS, [
      "credentials",
      "update",
      "aws",
      "-n",
      EXISTING.name,
      ...keys,
      ...W,
    ]);
    expect(run.lines().slice(2)).toEqual([
      "GET /credentials?workspaceId=222",
      "PUT /credentials/c1?workspaceId=222&useExternalId=false",
    ]);
    expect(run.requests[3]?.body).toEqual(body);
    expect(run.stdout).toBe(
      "\n  AWS credentials 'tower-awstest' updated at [nf-core / AWSmegatests] workspace\n\n",
    );
  });

  test("by id: the Platform is asked for it first", async () => {
    const run = await twAgainst(ANSWERS, ["credentials", "update", "aws", "-i", "c1", ...keys, ...W]);
    expect(run.lines().slice(2)).toEqual([
      "GET /credentials/c1?workspaceId=222",
      "PUT /credentials/c1?workspaceId=222&useExternalId=false",
    ]);
    expect(run.requests[3]?.body).toEqual(body);
  });

  test("a name that is not there names the workspace's number, and nothing is written", async () => {
    const run = await twAgainst(ANSWERS, ["credentials", "update", "aws", "-n", "x", ...keys, ...W]);
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      "\n ERROR: Credentials 'x' not found at 222 workspace\n\n",
    ]);
    expect(run.lines()).toHaveLength(3);
  });
});

test.each([
  ["by id, without looking", ["-i", "c1"], []],
  ["by name, after the list", ["-n", EXISTING.name], ["GET /credentials?workspaceId=222"]],
])("delete %s", async (_, reference, before) => {
  const run = await twAgainst(ANSWERS, ["credentials", "delete", ...reference, ...W]);
  expect(run.lines().slice(2)).toEqual([...before, "DELETE /credentials/c1?workspaceId=222&checked=false"]);
  expect(run.requests.at(-1)?.headers["content-type"]).toBeUndefined();
  expect(run.stdout).toBe("\n  Credentials 'c1' deleted at [nf-core / AWSmegatests] workspace\n\n");
  expect(run.exitCode).toBe(0);
});
