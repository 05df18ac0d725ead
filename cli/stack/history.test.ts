import { expect, it } from "vitest";
import { newestDeployment } from "./history.ts";

const entry = (kind: string, result: string) => ({ kind, result, startTime: "2026-11-01T10:00:00.000Z" });

it("finds the last deployment behind refreshes, which say nothing of it", () => {
  const failed = entry("update", "failed");
  expect(newestDeployment([entry("refresh", "succeeded"), failed, entry("update", "succeeded")])).toEqual(
    failed,
  );
  expect(newestDeployment([entry("destroy", "succeeded"), failed])).toEqual(entry("destroy", "succeeded"));
  expect(newestDeployment([entry("refresh", "succeeded")])).toBeUndefined();
});
