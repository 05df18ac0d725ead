/** services.json: how one process finds the services that another one runs. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writePrivately, type World } from "../world.ts";

const URLS = z.object({
  aws: z.url(),
  platform: z.url(),
  onepassword: z.url(),
  github: z.url(),
  sso: z.url(),
});

const RUNNING = z.object({
  pid: z.int(),
  /** Address of the control API. */
  control: z.url(),
  /** Random; every control call carries it. */
  token: z.string(),
  urls: URLS,
  /** Ports of the stand-in plugins that run. */
  plugins: z.partialRecord(z.enum(["aws", "command", "github", "onepassword"]), z.int()),
  region: z.string(),
});

const RECORD = z.object({
  /** Taken again after a restart, for the stack's config and state name them. */
  ports: z.partialRecord(z.enum(["aws", "platform", "onepassword", "github", "sso"]), z.int()),
  /** Absent while nothing runs. */
  running: RUNNING.optional(),
});

/** What others need to know of services that run. */
export type Running = z.infer<typeof RUNNING>;
export type ServicesRecord = z.infer<typeof RECORD>;

/** @returns an empty record when there is none, or none that can be understood */
export async function readRecord(world: World): Promise<ServicesRecord> {
  try {
    return RECORD.parse(JSON.parse(await readFile(world.services, "utf8")));
  } catch {
    return { ports: {} };
  }
}

/** Readable by its owner only, for the token is in it. */
export async function writeRecord(world: World, record: ServicesRecord): Promise<void> {
  await writePrivately(world.services, JSON.stringify(record, undefined, 2));
}
