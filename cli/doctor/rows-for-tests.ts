/** Rows as tests give them, and as tests read them. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { StackConfig } from "../../config.ts";
import { makeContext } from "../../secrets/context.ts";
import type { StackState } from "../stack/state.ts";
import { reportOf } from "./report.ts";
import { Checkup, pass, type Row } from "./row.ts";
import type { Surroundings } from "./surroundings.ts";

/** A row that has passed. */
export function given<T>(value: T): Row<T> {
  return { group: "given", name: "given", finding: Promise.resolve(pass("", value)) };
}

/** Adds rows to a check-up and gives each one's whole text by its name. */
export async function textsOf(
  add: (checkup: Checkup) => unknown,
  milliseconds = 10_000,
): Promise<Record<string, string>> {
  const checkup = new Checkup(milliseconds);
  add(checkup);
  const { rows } = await reportOf(checkup);
  return Object.fromEntries(
    rows.map(({ name, state, found, mend }) => [
      name,
      `${state}: ${found}${mend === undefined ? "" : `\nmend: ${mend}`}`,
    ]),
  );
}

/** Surroundings of which a test says what matters. */
export function around(some: Partial<Surroundings> = {}): Surroundings {
  const { PATH: path = "" } = process.env;
  return {
    ...{ folder: "/nowhere", root: process.cwd(), env: process.env, path },
    now: Date.now,
    milliseconds: 10_000,
    engineMilliseconds: 10_000,
    rowMilliseconds: 10_000,
    awsContext: makeContext(),
    ...some,
  };
}

/** Address at which nobody listens any more. */
export async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return `http://127.0.0.1:${port}`;
}

/** A stack that was never deployed. */
export const EMPTY_STATE: StackState = {
  ...{ userNames: [], roleNames: [], policies: [], bucketNames: [], accessKeys: [] },
  ...{ computeEnvironments: [], variableNames: [], pending: [] },
};

/** Settings of which a test says what matters. */
export function config(some: Partial<StackConfig>): Row<StackConfig> {
  return given(some as StackConfig);
}
