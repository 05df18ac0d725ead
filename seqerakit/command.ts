import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { SeqeraArgs } from "./args.ts";

/** Runs in the project's folder; Node is the one on PATH, so that the text is the same on every machine. */
export const step = (verb: string) => `node seqerakit/apply/main.ts ${verb}`;

/** What a command does, and when. */
export interface CommandArgs {
  /** The verb that makes it so, and that is run again, in place, when the request or a secret changes. */
  apply: string;
  remove: string;
  /** A change of one replaces. */
  triggers: string[];
  request: object;
  secrets: Record<string, pulumi.Input<string>>;
  /** Why the step has to run again although nothing of that has changed. */
  again: string | undefined;
  /** What it prints is not for previews and logs. @default false */
  discreet?: boolean;
}

/** A step that the state remembers. */
export function command(
  name: string,
  { apply, remove, triggers, request, secrets, again, discreet = false }: CommandArgs,
  limits: SeqeraArgs,
  opts: pulumi.CustomResourceOptions,
): local.Command {
  return new local.Command(
    name,
    {
      create: step(apply),
      update: step(apply),
      delete: step(remove),
      triggers,
      environment: {
        MEGATESTS_REQUEST: JSON.stringify(request),
        ...secrets,
        // A new value runs the step again; the old one stays where that is not called for.
        AGAIN: again === undefined ? "" : `${new Date().toISOString()} ${again}`,
      },
      // What a step prints is for the state; what goes wrong is printed all the same.
      logging: "none",
    },
    {
      ...opts,
      ignoreChanges: again === undefined ? ["environment.AGAIN"] : [],
      additionalSecretOutputs: ["environment", ...(discreet ? ["stdout"] : [])],
      customTimeouts: timeouts(limits),
    },
  );
}

/** Further than the limits of what a step waits for: at those it says what it has waited for. */
function timeouts({ keyProbeSeconds, computeEnvironmentSeconds, callSeconds }: SeqeraArgs) {
  const limit = `${3 * (keyProbeSeconds + computeEnvironmentSeconds) + 60 * callSeconds}s`;
  return { create: limit, update: limit, delete: limit };
}

/** The document a step has printed; a preview of a step that will run does not know it yet. */
export function printed<T>({ stdout }: local.Command, name: string, shape: z.ZodType<T>): pulumi.Output<T> {
  return stdout.apply((text) => {
    try {
      return shape.parse(JSON.parse(text));
    } catch {
      throw new pulumi.RunError(
        [
          `The state has no usable document of the command ${name}.`,
          `  allowed: the JSON document that its step prints`,
          `  mend:    pulumi stack import --file STATE, with a state exported before this one`,
        ].join("\n"),
      );
    }
  });
}
