/** Asks the Platform, and acts on it as a person would. */
import ky from "ky";
import { expect } from "vitest";
import { keysOf, leftBehind, type E2eWorld } from "./world.ts";

/** Everything on the Platform works, by what the Platform itself finds when it asks AWS. */
export async function expectHealthy(e2e: E2eWorld): Promise<void> {
  const { platform } = await e2e.inspect();
  for (const { id } of platform.credentials)
    expect(await ask(e2e, "post", `credentials/${id}/validate`)).toMatchObject({ status: "AVAILABLE" });
  expect(platform.computeEnvs.map(({ status }) => status)).toEqual(
    platform.computeEnvs.map(() => "AVAILABLE"),
  );
  expect(await leftBehind(e2e)).toEqual([]);
}

/** AWS has one key, the Platform holds it, and all works. */
export async function expectOneKey(e2e: E2eWorld, id?: string): Promise<void> {
  const keys = keysOf(await e2e.inspect());
  expect(keys).toEqual([id ?? (await heldKey(e2e))]);
  expect(await heldKey(e2e)).toBe(keys[0]);
  await expectHealthy(e2e);
}

/** Id of the one key the Platform holds. */
export async function heldKey({ fleet }: E2eWorld): Promise<string | undefined> {
  const keys = fleet.platform.heldKeys();
  expect(keys).toHaveLength(1);
  return keys[0]?.accessKeyId;
}

/** As a person would by the Platform's own pages. */
export async function putKey(
  e2e: E2eWorld,
  {
    accessKeyId,
    secretAccessKey,
    credentialsId,
    name,
  }: ReturnType<E2eWorld["fleet"]["platform"]["heldKeys"]>[number],
): Promise<void> {
  const keys = { discriminator: "aws", accessKey: accessKeyId, secretKey: secretAccessKey };
  await ask(e2e, "put", `credentials/${credentialsId}`, {
    credentials: { id: credentialsId, name, provider: "aws", keys },
  });
}

/** Calls the Platform's API in the workspace. */
export async function ask(
  { fleet, seed }: E2eWorld,
  method: "get" | "post" | "put",
  path: string,
  json?: object,
): Promise<unknown> {
  const answer = await ky[method](`${fleet.urls.platform}/api/${path}`, {
    headers: { authorization: `Bearer ${seed.platformToken}` },
    searchParams: { workspaceId: seed.workspaceId },
    json,
    // The deployment's own calls count towards the Platform's limit.
    retry: { methods: [method], statusCodes: [429] },
  });
  return answer.status === 204 ? undefined : answer.json();
}
