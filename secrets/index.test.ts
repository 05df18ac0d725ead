import { expect, it } from "vitest";
import { itemsOf } from "./index.ts";

const args = {
  ...{ onepasswordVault: "Dev", awsItem: "AWS", seqeraItem: "Seqera", githubItem: "GitHub" },
  ...{ awsAccessKeyIdField: "username", awsSecretAccessKeyField: "password", awsSessionTokenField: "" },
  ...{ seqeraTokenFields: ["credential"], seqeraWorkspaceIdField: "id", githubTokenFields: ["token"] },
  publishToGithub: false,
};

it("reads a session token where the config names its field, and none where it does not", async () => {
  const read = async (name: string) => `value of ${name}`;
  const key = {
    accessKeyId: "value of awsAccessKeyIdField",
    secretAccessKey: "value of awsSecretAccessKeyField",
  };
  expect(await itemsOf(args, read).aws()).toEqual(key);
  expect(await itemsOf({ ...args, awsSessionTokenField: "session token" }, read).aws()).toEqual({
    ...{ ...key, sessionToken: "value of awsSessionTokenField" },
  });
});
