/**
 * Decides one AWS call by real policies, as AWS does: actions, resources and conditions. The simulator is
 * `@cloud-copilot/iam-simulate`; its data say which resources and condition keys an action knows.
 */
import { type RequestAnalysis, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";

/** A policy as IAM has it. */
export interface PolicyDocument {
  Version: string;
  Statement: object[];
}

/** A policy, and what to call it in an explanation. */
export interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

/** One call, as IAM sees it. A call on several resources is several of these. */
export interface AwsCall {
  /** E.g. `batch:SubmitJob`. */
  action: string;
  /** An ARN, or `*` for an action that knows no resource. */
  resource: string;
  /** Condition keys, e.g. `aws:RequestedRegion`. @default none */
  context?: Record<string, string | string[]>;
}

/** Who calls. */
export interface Caller {
  /** ARN of a user, a role or a role's session. */
  arn: string;
  /** All identity policies: a user's own, its groups', a role's. */
  policies: NamedPolicy[];
  /** The most that a role may do. @default no limit */
  boundary?: PolicyDocument | null;
  /** The most that a role's session may do. @default no limit */
  sessionPolicy?: PolicyDocument | null;
}

/** Which policy a call fails by. `trust` is a role's own policy. */
export interface Denial {
  by: "identity" | "resource" | "trust" | "session" | "boundary";
  /** Whether a statement denies it, rather than none allowing it. */
  explicit: boolean;
}

/** What comes of a call. */
export interface Decision {
  result: "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";
  /** Sids of the identity statements that allow it. */
  allowedBy: string[];
  /** @default undefined where it is allowed */
  denial?: Denial;
  /** Keys of the call's context that its action does not know, so that no condition saw them. */
  ignoredKeys: string[];
}

/**
 * @param resourcePolicy of the resource itself: a role's trust policy, a bucket's policy. @default none
 * @param accountId whose resource it is. @default the caller's account
 * @throws Error when the simulator cannot judge the call: no such action, or a resource the action does not know
 */
export async function simulate(
  { arn, policies, boundary, sessionPolicy }: Caller,
  { action, resource, context = {} }: AwsCall,
  resourcePolicy?: PolicyDocument,
  accountId: string = accountOf(arn),
): Promise<Decision> {
  const simulation: Simulation = {
    request: { principal: arn, action, resource: { resource, accountId }, contextVariables: context },
    identityPolicies: policies.map(({ name, document: policy }) => ({ name, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy,
    ...(sessionPolicy && { sessionPolicy }),
    ...(boundary && { permissionBoundaryPolicies: [{ name: "boundary", policy: boundary }] }),
  };
  const answer = await runSimulation(simulation, {});
  if (answer.resultType === "error")
    throw new Error(`${action} on ${resource} cannot be judged: ${JSON.stringify(answer.errors)}`);
  const all = answer.resultType === "single" ? [answer.result] : answer.results;
  const allowing = all.flatMap(({ analysis }) => analysis.identityAnalysis?.allowStatements ?? []);
  return {
    result: answer.overallResult,
    ...(answer.overallResult !== "Allowed" && {
      denial: denialOf(
        all.map(({ analysis }) => analysis),
        action,
      ),
    }),
    allowedBy: [...new Set(allowing.map(({ statement }) => statement.sid() ?? ""))],
    ignoredKeys: [...new Set(all.flatMap(({ ignoredContextKeys = [] }) => ignoredContextKeys))],
  };
}

/** A call can fail by several policies; AWS names one, and an explicit denial before all others. */
function denialOf(analyses: RequestAnalysis[], action: string): Denial {
  const resource = action.startsWith("sts:") ? "trust" : "resource";
  const found = (by: Denial["by"], of: (analysis: RequestAnalysis) => { result: string } | undefined) => ({
    by,
    results: analyses.map((analysis) => of(analysis)?.result),
  });
  const kinds = [
    found("identity", ({ identityAnalysis }) => identityAnalysis),
    found(resource, ({ resourceAnalysis }) => resourceAnalysis),
    found("session", ({ sessionAnalysis }) => sessionAnalysis),
    found("boundary", ({ permissionBoundaryAnalysis }) => permissionBoundaryAnalysis),
  ];
  const EXPLICIT = ["ExplicitlyDenied", "DeniedForAccount"];
  const explicit = kinds.find(({ results }) => results.some((result) => EXPLICIT.includes(result ?? "")));
  if (explicit !== undefined) return { by: explicit.by, explicit: true };
  // A role that does not trust needs no further reason; else the first limit that the identity's documents go beyond.
  const lacking = (...which: Denial["by"][]) =>
    kinds.find(({ by, results }) => which.includes(by) && results.includes("ImplicitlyDenied"));
  return {
    by: (lacking("trust") ?? lacking("identity", "session", "boundary"))?.by ?? "identity",
    explicit: false,
  };
}

/** `arn:aws:iam::123456789012:user/x` -> `123456789012` */
export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}
