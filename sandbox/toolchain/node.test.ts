import { expect, test } from "vitest";
import { requireNode } from "./node.ts";

test("an old Node is told which command to use", () => {
  expect(() => requireNode("22.20.1")).toThrow(
    "Node 22.20.1 runs this; Node 24 or later is needed.\n" +
      "The npm scripts bring their own: use `npm run sandbox`, or `npx node cli/main.ts sandbox`.",
  );
  expect(() => requireNode("24.0.0")).not.toThrow();
});
