import { expect, it } from "vitest";
import { heldKeys } from "./held-keys.ts";

it("tells who holds which key, and leaves out credentials with a role or of another cloud", () => {
  const all = [
    { id: "c1", name: "tower-awstest", keys: { accessKey: "AKIA1" } },
    { id: "c2", name: "somebody's", keys: { accessKey: "AKIA2" } },
    { id: "c3", name: "tower-awstest", keys: { assumeRoleArn: "arn:aws:iam::1:role/r" } },
    { id: "c4", name: "cloud" },
  ];
  expect(heldKeys(all, "tower-awstest")).toEqual([
    { accessKeyId: "AKIA1", by: "tower-awstest (c1)", own: true },
    { accessKeyId: "AKIA2", by: "somebody's (c2)", own: false },
  ]);
});
