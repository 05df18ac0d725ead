import fastify from "fastify";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, it } from "vitest";
import { RecordingMocks, useMocks } from "../test/mocks.ts";
import { takeOver } from "./taken.ts";

const CONFLICT =
  "POST https://api.github.com/orgs/lab/actions/variables: 409 Already exists - Variable already exists []";
const wanted = { variableName: "AWS_S3_BUCKET", value: "lab-work", visibility: "private" };
let existing: { value: string; visibility: string } | undefined;
let calls: string[];
let githubBaseUrl: string;

beforeEach(async () => {
  await useMocks(new RecordingMocks({}));
  calls = [];
  const app = fastify();
  app.all("/*", async ({ method, url, headers }, reply) => {
    calls.push(`${method} ${url} ${headers.authorization}`);
    if (method === "DELETE") return reply.code(204).send();
    return existing ?? reply.code(404).send({ message: "Not Found" });
  });
  githubBaseUrl = `${await app.listen({ host: "127.0.0.1", port: 0 })}/`;
  return () => app.close();
});

const ask = (error = CONFLICT, failedOperation = "create") =>
  takeOver("taken", {
    ...{ githubOwner: "lab", githubBaseUrl, callSeconds: 5 },
    githubToken: pulumi.secret("gh-token"),
  }).callback({ failedOperation, errors: [error], newInputs: wanted } as unknown as pulumi.ErrorHookArgs);
const path = "/api/v3/orgs/lab/actions/variables/AWS_S3_BUCKET Bearer gh-token";

it("makes again what says the same already", async () => {
  existing = { value: "lab-work", visibility: "private" };
  expect(await ask()).toBe(true);
  expect(calls).toEqual([`GET ${path}`, `DELETE ${path}`]);
});

it.each([
  { value: "theirs", visibility: "private" },
  { value: "lab-work", visibility: "all" },
])("leaves alone what says %j", async (found) => {
  existing = found;
  await expect(ask()).rejects
    .toThrow(`The organization's variable AWS_S3_BUCKET exists already and says something else, so it is left alone.
  got:     ${found.value}, for ${found.visibility} repositories
  allowed: no such variable, or one that says lab-work for private repositories
  mend:    gh variable delete AWS_S3_BUCKET --org lab; then: pulumi up`);
  expect(calls).toEqual([`GET ${path}`]);
});

it("tries once more where it is gone meanwhile", async () => {
  existing = undefined;
  expect(await ask()).toBe(true);
  expect(calls).toEqual([`GET ${path}`]);
});

it("asks nothing about other errors, other operations, or in a preview", async () => {
  expect(await ask("500 Server Error")).toBe(false);
  expect(await ask(CONFLICT, "update")).toBe(false);
  await useMocks(new RecordingMocks({}), { preview: true });
  expect(await ask()).toBe(false);
  expect(calls).toEqual([]);
});
