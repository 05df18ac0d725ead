import { describe, expect, test } from "vitest";
import { Answer } from "./testing/recorder.ts";
import { twAgainst } from "./testing/tw.ts";

const SERVICE = { "GET /service-info": { serviceInfo: { version: "26.1", apiVersion: "1.198.0" } } };

describe("info", () => {
  const user = { "GET /user-info": { user: { id: 7, userName: "ci" } } };

  test("is content with a new enough API and a good token", async () => {
    const run = await twAgainst({ ...SERVICE, ...user }, ["info"]);
    expect(run.lines()).toEqual(["GET /service-info", "GET /user-info"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/Authenticated user\s+\| ci\n/);
  });

  test("is not with an older API", async () => {
    const old = { "GET /service-info": { serviceInfo: { apiVersion: "1.187.0" } } };
    const run = await twAgainst({ ...old, ...user }, ["-o", "json", "info"]);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({
      connectionCheck: 1,
      versionCheck: 0,
      credentialsCheck: 1,
    });
  });

  test("is not with a bad token, or a Platform that fails", async () => {
    const bad = await twAgainst({ ...SERVICE, "GET /user-info": new Answer(401) }, ["-o", "json", "info"]);
    expect(JSON.parse(bad.stdout)).toMatchObject({ credentialsCheck: 0 });
    const down = await twAgainst({ "GET /service-info": new Answer(503) }, ["-o", "json", "info"]);
    expect(JSON.parse(down.stdout)).toMatchObject({
      connectionCheck: 0,
      versionCheck: -1,
      credentialsCheck: -1,
    });
    expect([bad.exitCode, down.exitCode, down.lines()]).toEqual([1, 1, ["GET /service-info"]]);
  });
});
