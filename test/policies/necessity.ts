import type { NamedPolicy, PolicyDocument } from "../../sandbox/services/aws/authorization/simulate.ts";
import { judge } from "./judge.ts";
import type { Row } from "./tables/row.ts";

/** A part of a policy that could be left out, and the policies without it. */
interface Omission {
  /** E.g. `Forge ForgeBatch action batch:CreateJobQueue`. */
  part: string;
  without: NamedPolicy[];
  /** Actions that the part can matter to. */
  actions: string[];
}

/** What a statement looks like in a document of ours. */
interface Statement {
  Sid: string;
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A part, and the first row that fails without it; undefined where none does: the part is an unused right. */
export interface Necessity {
  part: string;
  neededBy: string | undefined;
}

/** Leaves out each statement, action, resource and value of a condition alone, and looks for a row that fails then. */
export async function necessity(
  principal: string,
  policies: NamedPolicy[],
  rows: Row[],
): Promise<Necessity[]> {
  const found: Necessity[] = [];
  for (const { part, without, actions } of omissions(policies)) {
    const matters = (action: string) => actions.some((each) => covers(each, action));
    const touched = rows.filter(({ calls }) => calls.some(({ action }) => matters(action)));
    let neededBy: string | undefined;
    for (const row of touched) {
      const [{ allowed, refused } = { allowed: true, refused: [] }] = await judge(principal, without, [
        { ...row, calls: row.calls.filter(({ action }) => matters(action)) },
      ]);
      if (allowed) continue;
      neededBy = `${row.group}: ${row.what} (${refused[0]})`;
      break;
    }
    found.push({ part, neededBy });
  }
  return found;
}

/** `s3:Get*` covers `s3:GetObject`. */
function covers(pattern: string, action: string): boolean {
  return pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}

/** A document of somebody else may have one where ours have lists, and no Sids. */
function listed(policy: NamedPolicy): NamedPolicy {
  const Statement = (policy.document.Statement as Statement[]).map((statement, at) => ({
    ...statement,
    Sid: statement.Sid ?? `statement ${at + 1}`,
    Action: [statement.Action].flat(),
    Resource: [statement.Resource].flat(),
  }));
  return { ...policy, document: { ...policy.document, Statement } };
}

function omissions(given: NamedPolicy[]): Omission[] {
  const policies = given.map(listed);
  return policies.flatMap((policy) =>
    (policy.document.Statement as Statement[]).flatMap((statement) => {
      const { Sid, Action: actions } = statement;
      const omit = (part: string, changed: Statement | undefined, matters = actions): Omission => ({
        part: `${policy.name} ${Sid} ${part}`.trim(),
        without: replaced(policies, policy, statement, changed),
        actions: matters,
      });
      return [
        omit("", undefined),
        ...actions.map((action) =>
          omit(`action ${action}`, { ...statement, Action: actions.filter((each) => each !== action) }, [
            action,
          ]),
        ),
        ...statement.Resource.map((resource) =>
          omit(`resource ${resource}`, {
            ...statement,
            Resource: statement.Resource.filter((each) => each !== resource),
          }),
        ),
        ...valuesOf(statement).map(([operator, key, value]) =>
          omit(`${key} ${value}`, withoutValue(statement, operator, key, value)),
        ),
      ];
    }),
  );
}

/** What a policy would be without the part; a statement that has nothing left allows nothing. */
function replaced(
  policies: NamedPolicy[],
  policy: NamedPolicy,
  statement: Statement,
  changed: Statement | undefined,
): NamedPolicy[] {
  const empty = changed === undefined || changed.Action.length === 0 || changed.Resource.length === 0;
  const Statement = (policy.document.Statement as Statement[]).flatMap((each) =>
    each === statement ? (empty ? [] : [changed]) : [each],
  );
  const document: PolicyDocument = { ...policy.document, Statement };
  const rest = Statement.length > 0 ? [{ ...policy, document }] : [];
  return policies.flatMap((each) => (each === policy ? rest : [each]));
}

/** A single value is the condition itself; without it the right would be wider, not narrower. */
function valuesOf({ Condition = {} }: Statement): [operator: string, key: string, value: string][] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      Array.isArray(values) && values.length > 1
        ? values.map((value): [string, string, string] => [operator, key, value])
        : [],
    ),
  );
}

function withoutValue(statement: Statement, operator: string, key: string, value: string): Statement {
  const keys = statement.Condition?.[operator] ?? {};
  const values = [keys[key] ?? []].flat().filter((each) => each !== value);
  return { ...statement, Condition: { ...statement.Condition, [operator]: { ...keys, [key]: values } } };
}
