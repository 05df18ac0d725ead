/** Whether a cell has ended as it must: plain data in, sentences out. */
import type { Deployment } from "./deploy.ts";
import type { Holdings } from "./holdings.ts";
import type { PartName } from "./part.ts";

/** All that was seen of a cell. */
export interface Seen {
  part: PartName;
  /** Keys of the part's compute environments. */
  environments: string[];
  /** Whether the fault has hit. */
  hit: boolean;
  /** Whether the fault kills the engine. */
  kills: boolean;
  /** The deployment with the fault. */
  first: Deployment;
  /** Set where mending was needed, and failed. */
  mending?: string;
  /** The deployment after it. */
  second: Deployment;
  before: Holdings;
  after: Holdings;
  /** Refusals that the prober met, in words. */
  refused: string[];
  /** Where secrets were found. */
  leaks: string[];
}

/** @returns what is wrong; empty when the cell has passed */
export function faultsIn(seen: Seen): string[] {
  const { first, second, after } = seen;
  const wrong: string[] = [];
  const check = (right: boolean, text: string) => right || wrong.push(text);
  check(seen.hit, "the fault has hit no call");
  if (seen.kills)
    check(first.end === "killed", `the deployment with the fault was not killed: it has ${ended(first)}`);
  else
    check(first.end === "ok" || first.end === "failed", `the deployment with the fault has ${ended(first)}`);
  if (seen.mending !== undefined) wrong.push(`mending has failed: ${seen.mending}`);
  check(second.end === "ok", `the deployment after it has ${ended(second)}`);
  for (const { text } of [first, second])
    check(!/^\s+at .+:\d+:\d+\)?$/m.test(text), "a stack trace was shown");
  wrong.push(...inAws(after), ...onPlatform(seen), ...published(seen));
  for (const refusal of seen.refused) wrong.push(`AWS refused a key that the Platform held: ${refusal}`);
  for (const leak of seen.leaks) wrong.push(`a secret was found: ${leak}`);
  return wrong;
}

/** One key: in AWS, in the state, in the outputs, on the Platform. */
function inAws({ keys, stateKeys, outputKey, credentials, pending }: Holdings): string[] {
  const held = credentials.map(({ accessKeyId }) => accessKeyId);
  return [
    ...(keys.length === 1 ? [] : [`AWS has ${keys.length} access keys`]),
    ...(same(stateKeys, keys) ? [] : [`the state has keys ${list(stateKeys)}, AWS has ${list(keys)}`]),
    ...(outputKey === keys[0] ? [] : [`the outputs name key ${String(outputKey)}, AWS has ${list(keys)}`]),
    ...(same(held, keys) ? [] : [`the Platform holds keys ${list(held)}, AWS has ${list(keys)}`]),
    ...(pending === 0 ? [] : [`the state has ${pending} pending operations`]),
  ];
}

function onPlatform({ part, environments, before, after }: Seen): string[] {
  const [credentials] = after.credentials;
  const wrong = after.computeEnvs
    .filter(({ status, credentialsId }) => status !== "AVAILABLE" || credentialsId !== credentials?.id)
    .map(({ name, status, message, credentialsId }) => {
      return `compute environment ${name} is ${status} with credentials ${credentialsId}: ${message ?? "no message"}`;
    });
  if (after.computeEnvs.length !== environments.length)
    wrong.push(`there are compute environments ${list(after.computeEnvs.map(({ name }) => name))}`);
  const ids = (all: { id: string }[]) => all.map(({ id }) => id);
  if (part !== "first" && !same(ids(after.credentials), ids(before.credentials)))
    wrong.push("the credentials have another id");
  const kept = same(ids(after.computeEnvs), ids(before.computeEnvs));
  if (part === "rotation" && !kept) wrong.push("the compute environments have other ids");
  if (part === "replacement" && kept) wrong.push("the compute environment was not replaced");
  return wrong;
}

/** Each environment's own variable holds its id. */
function published({ environments, after: { computeEnvs, variables } }: Seen): string[] {
  return environments.flatMap((key) => {
    const name = `TOWER_COMPUTE_ENV_${key.toUpperCase()}`;
    const [env] = computeEnvs.filter((each) => each.name.includes(`_${key}_`));
    if (env && variables[name] === env.id) return [];
    return [`GitHub's variable ${name} is ${variables[name] ?? "not set"}, not ${env?.id ?? "known"}`];
  });
}

function ended({ end, text }: Deployment): string {
  return end === "ok" ? "ended well" : `${end}:\n${text.trim()}`;
}

function same(one: string[], other: string[]): boolean {
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
}

function list(words: string[]): string {
  return words.join(", ") || "none";
}
