/** What a principal may do, as IAM simulates it. */
import type { IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";

/** Rights that are needed together on the same resources. */
export interface Right {
  /** E.g. `iam:CreateUser`. */
  actions: string[];
  /** ARNs, or `*` for actions that know no resource. */
  resources: string[];
  /** Condition keys of the call. @default none */
  context?: Record<string, string[]>;
}

/** @returns what is refused, as `action on resource` */
export async function refused(
  client: IAMClient,
  paginate: typeof paginateSimulatePrincipalPolicy,
  PolicySourceArn: string,
  rights: Right[],
): Promise<string[]> {
  const answers = rights.map(async ({ actions: ActionNames, resources: ResourceArns, context = {} }) => {
    const ContextEntries = Object.entries(context).map(([ContextKeyName, ContextKeyValues]) => ({
      ...{ ContextKeyName, ContextKeyValues, ContextKeyType: "string" as const },
    }));
    const input = { PolicySourceArn, ActionNames, ResourceArns, ContextEntries };
    const denied: string[] = [];
    for await (const { EvaluationResults = [] } of paginate({ client }, input))
      for (const { EvalDecision, EvalActionName, EvalResourceName } of EvaluationResults)
        if (EvalDecision !== "allowed") denied.push(`${EvalActionName} on ${EvalResourceName}`);
    return denied;
  });
  return (await Promise.all(answers)).flat();
}
