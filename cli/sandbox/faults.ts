/** Faults that `megatests sandbox up` is asked for. */
import { WrongArgument } from "../../sandbox/parts.ts";
import { checkRule, type FaultRule } from "../../sandbox/services/fault-rule.ts";

/** One more rule. @throws WrongArgument when it is none */
export function collectFault(value: string, before: FaultRule[]): FaultRule[] {
  try {
    return [...before, checkRule(JSON.parse(value) as FaultRule)];
  } catch (error) {
    throw new WrongArgument(
      [
        "--fault takes a rule as JSON.",
        `  got:     ${value}`,
        `  allowed: ${(error as Error).message.replaceAll("\n", "\n           ")}`,
        `  mend:    --fault '{"service":"platform","method":"PUT","path":"^/api/credentials/","kind":"status","status":500}'`,
      ].join("\n"),
    );
  }
}

/** Reads `N` or `N:after`. @throws WrongArgument when it is something else */
export function parseKill(value: string): FaultRule {
  const [, call, after] = /^([1-9]\d*)(:after)?$/.exec(value) ?? [];
  if (call !== undefined)
    return { service: "any", kind: after ? "signal-after" : "signal-before", skip: Number(call) - 1 };
  throw new WrongArgument(
    [
      "--kill-engine-at takes the number of a call.",
      `  got:     ${value}`,
      "  allowed: N to kill the engine before the deployment's N-th call is handled, N:after to kill it once that took effect; N is 1 or more",
      "  mend:    --kill-engine-at 15:after",
    ].join("\n"),
  );
}

/** Whether one of them kills whichever engine is at work. */
export function killTheEngine(rules: FaultRule[]): boolean {
  return rules.some(({ kind, pid }) => kind.startsWith("signal-") && pid === undefined);
}
