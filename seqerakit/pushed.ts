import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { credentialsResult } from "./apply/request.ts";
import type { SeqeraArgs } from "./args.ts";

/** Passes on that the Platform was proven to work: with which key, if with one, and with which one before. */
export function pushedHook(name: string, afterPush: SeqeraArgs["afterPush"]): pulumi.ResourceHook {
  const passOn = async ({ newOutputs, oldOutputs }: pulumi.ResourceHookArgs) => {
    if (typeof newOutputs?.["stdout"] !== "string") return;
    const accessKeyId = keyOf(newOutputs);
    await afterPush(accessKeyId ? { accessKeyId, formerAccessKeyId: keyOf(oldOutputs) } : undefined);
  };
  // A hook is called from outside the program: bound, what it calls knows which deployment it belongs to.
  return new pulumi.ResourceHook(name, AsyncResource.bind(passOn));
}

function keyOf(outputs: Record<string, unknown> | undefined): string | undefined {
  const stdout = outputs?.["stdout"];
  return typeof stdout === "string"
    ? credentialsResult.safeParse(JSON.parse(stdout)).data?.accessKeyId
    : undefined;
}
