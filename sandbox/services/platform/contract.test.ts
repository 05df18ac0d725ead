/**
 * The imitation against Seqera's published API document. Every exchange of the Platform's other tests is checked by
 * it too (see `call` in world-for-tests.ts); here is what shows that the check can fail.
 */
import { describe, expect, it } from "vitest";
import { contract, credentialsBody, forgeBody, KEY, startWorld } from "./world-for-tests.ts";

if (contract === undefined)
  console.warn(
    "Left out: no exchange is checked, as ../shared/facts/seqera/platform-openapi.yaml is not there",
  );

describe("the published API document", () => {
  it("is heard: wrong answers, statuses, parameters and paths are found", () => {
    if (contract === undefined) return;
    const found = (path: string, status: number, response: unknown) =>
      contract?.problems({ method: "GET", path, request: undefined, status, response }).join();
    const leak = { name: "n", provider: "aws", keys: { discriminator: "aws", secretKey: "leak" } };
    expect(found("/credentials", 200, { credentials: [leak] })).toMatch(/secretKey must NOT be valid/);
    expect(found("/user-info", 200, { user: { id: "one" } })).toMatch(/user\/id must be integer/);
    expect(found("/user-info", 200, { nobody: 1 })).toMatch(/additional properties/);
    expect(found("/user-info", 418, {})).toMatch(/status not in the document/);
    expect(found("/user-info?depth=1", 200, {})).toMatch(/query parameter 'depth'/);
    expect(found("/nowhere", 200, {})).toMatch(/not in the document/);
  });

  const credentials = credentialsBody(KEY.first).credentials;
  const { computeEnv } = forgeBody("cpu", "id");
  it.each([
    ["/credentials", { credentials: { ...credentials, name: undefined } }],
    ["/credentials", { credentials: { ...credentials, name: "n".repeat(101) } }],
    ["/credentials", { credentials: { ...credentials, provider: "ibm" } }],
    ["/credentials", { credentials: { ...credentials, keys: { discriminator: "aws", mode: "both" } } }],
    ["/compute-envs", { computeEnv: { ...computeEnv, platform: "ibm-batch" } }],
    ["/compute-envs", { computeEnv: { ...computeEnv, config: undefined } }],
    ["/compute-envs", { computeEnv: { ...computeEnv, description: "d".repeat(2001) } }],
    [
      "/compute-envs",
      { computeEnv: { ...computeEnv, config: { ...computeEnv.config, forge: { type: "X" } } } },
    ],
    ["/compute-envs", { computeEnv, labelIds: ["one"] }],
    ["/labels", { name: 1 }],
  ])("and the imitation both refuse a wrong body of POST %s", async (path, body) => {
    const { call } = await startWorld();
    const sent: unknown = JSON.parse(JSON.stringify(body));
    if (contract !== undefined) expect(contract.requestProblems("POST", path, sent)).not.toEqual([]);
    expect((await call("POST", path, sent)).status).toBe(400);
  });
});
