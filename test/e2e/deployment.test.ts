/** One stack's whole life on the real engine: each part goes on where the one before has left the world. */
import { afterAll, beforeAll, describe } from "vitest";
import { failures } from "./failures.ts";
import { end, lifeCycle } from "./life-cycle.ts";
import { successor } from "./successor.ts";
import { startWorld, type E2eWorld } from "./world.ts";
import { traces } from "./traces.ts";
import { wrongConfig } from "./wrong-config.ts";

let e2e: E2eWorld | undefined;
const here = () => e2e!;

beforeAll(async () => void (e2e = await startWorld()), 120_000);
afterAll(() => e2e?.close(), 60_000);

describe("wrong settings", { timeout: 60_000 }, () => wrongConfig(here));
describe("a deployment", { timeout: 180_000 }, () => lifeCycle(here));
describe("a deployment that fails", { timeout: 180_000 }, () => failures(here));
describe("a changed compute environment", { timeout: 180_000 }, () => successor(here));
describe("the end", { timeout: 180_000 }, () => end(here));
describe("what it leaves behind", { timeout: 60_000 }, () => traces(here));
