/** What the state knows, without its secrets. */
import { z } from "zod";
import { askEngine, type StackPlace } from "./place.ts";

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  /** Set on what was replaced and is yet to be deleted. */
  delete: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
const pendingOperation = z.object({
  type: z.string(),
  resource: z.object({ urn: z.string() }),
});
const exported = z.object({
  deployment: z.object({
    resources: z.array(resource).default([]),
    pending_operations: z.array(pendingOperation).default([]),
  }),
});

type Resource = z.infer<typeof resource>;

/** An operation that had begun when the engine ended. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, … */
  type: string;
  urn: string;
}

/** The part of a stack's state that is compared with what the services hold. */
export interface StackState {
  /** Names of IAM users. */
  userNames: string[];
  /** Names of IAM roles. */
  roleNames: string[];
  /** IAM policies, each with its document as JSON. */
  policies: { name: string; document: string }[];
  /** Names of buckets. */
  bucketNames: string[];
  /** Access keys; `replaced` are those that are yet to be deleted. */
  accessKeys: { id: string; replaced: boolean }[];
  /** Compute environments by the key of their files; `replaced` as above. */
  computeEnvironments: { key: string; id: string; replaced: boolean }[];
  /** Names of organization variables. */
  variableNames: string[];
  pending: PendingOperation[];
}

/** @throws Fault when there is no such stack */
export async function readState(place: StackPlace): Promise<StackState> {
  return stateOf(JSON.parse(await askEngine(place, ["stack", "export"])));
}

/** What an exported state says. */
export function stateOf(document: unknown): StackState {
  const { deployment } = exported.parse(document);
  const { resources, pending_operations: pending } = deployment;
  const of = (type: string) => resources.filter((each) => each.type === type);
  return {
    userNames: of("aws:iam/user:User").flatMap(({ outputs }) => words(outputs.name)),
    roleNames: of("aws:iam/role:Role").flatMap(({ outputs }) => words(outputs.name)),
    policies: of("aws:iam/policy:Policy").flatMap(({ outputs }) =>
      words(outputs.name).map((name) => ({ name, document: String(outputs.policy) })),
    ),
    bucketNames: of("aws:s3/bucket:Bucket").flatMap(({ outputs }) => words(outputs.bucket)),
    accessKeys: of("aws:iam/accessKey:AccessKey").flatMap(({ id, delete: replaced }) =>
      id === undefined ? [] : [{ id, replaced }],
    ),
    computeEnvironments: of("command:local:Command").flatMap(computeEnvironmentOf),
    variableNames: of("github:index/actionsOrganizationVariable:ActionsOrganizationVariable").flatMap(
      ({ outputs }) => words(outputs.variableName),
    ),
    pending: pending.map(({ type, resource: { urn } }) => ({ type, urn })),
  };
}

/** Takes the pending operations out of the state: the engine does so whenever it imports one. */
export async function clearPending(place: StackPlace): Promise<void> {
  await askEngine(place, ["stack", "import"], await askEngine(place, ["stack", "export"]));
}

const printed = z.object({ computeEnvironmentId: z.string() });

function computeEnvironmentOf({ urn, outputs, delete: replaced }: Resource) {
  try {
    const { computeEnvironmentId: id } = printed.parse(JSON.parse(String(outputs.stdout)));
    return [{ key: urn.split("::seqera-").at(-1)!, id, replaced }];
  } catch {
    // Another step's.
    return [];
  }
}

function words(value: unknown): string[] {
  return typeof value === "string" ? [value] : [];
}
