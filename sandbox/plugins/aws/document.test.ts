import { expect, it } from "vitest";
import { documentProperty, keptDocument, sameDocument } from "./document.ts";

const one = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Sid: "A", Effect: "Allow", Action: ["s3:Get", "s3:Put"], Resource: "*" },
    {
      Sid: "B",
      Effect: "Deny",
      Action: "s3:Delete",
      Resource: ["*"],
      Condition: { Bool: { "aws:x": "true" } },
    },
  ],
});
const reordered = JSON.stringify(
  {
    Statement: [
      {
        Effect: "Deny",
        Action: ["s3:Delete"],
        Resource: "*",
        Sid: "B",
        Condition: { Bool: { "aws:x": true } },
      },
      { Resource: ["*"], Sid: "A", Effect: "Allow", Action: ["s3:Put", "s3:Get"] },
    ],
    Version: "2012-10-17",
  },
  undefined,
  2,
);

it("takes another order and another form for the same document", () => {
  expect(sameDocument(one, reordered)).toBe(true);
});

it.each([
  ["an action", one.replace("s3:Put", "s3:List")],
  ["an effect", one.replace("Deny", "Allow")],
  ["a condition", one.replace('"true"', '"false"')],
  ["an action more", one.replace('"s3:Put"', '"s3:Put","s3:List"')],
  ["something that is no JSON", "{"],
])("sees a change of %s", (_what, other) => {
  expect(sameDocument(one, other)).toBe(false);
});

it("keeps the recorded text unless what is there says something else", () => {
  expect(keptDocument(reordered, one)).toBe(one);
  expect(keptDocument("{}", one)).toBe("{}");
  expect(keptDocument(one, undefined)).toBe(one);
});

it("takes an object for a document", () => {
  expect(documentProperty.normalize?.({ Version: "2012-10-17" })).toBe('{"Version":"2012-10-17"}');
});
