import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * Gives what a service answers, or stops waiting: the providers ask without a limit of their own.
 * @param service for the error, e.g. `1Password`
 * @throws pulumi.RunError when there is no answer within `callSeconds`
 */
export async function answered<T>(
  service: string,
  { callSeconds }: { callSeconds: number },
  answer: Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const late = sleep(callSeconds * 1000, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new pulumi.RunError(
      [
        `${service} gives no answer, so the deployment stops before it changes anything.`,
        `  got:     nothing for ${callSeconds} seconds`,
        `  mend:    pulumi up, once ${service} can be reached; or wait longer: pulumi config set ${pulumi.getProject()}:callSeconds ${2 * callSeconds}`,
      ].join("\n"),
    );
  });
  // Ended by the answer, it is nobody's error.
  late.catch(() => undefined);
  return Promise.race([answer, late]).finally(() => done.abort());
}
