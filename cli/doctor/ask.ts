/** How a service is asked, with a limit of its own, and what its silence is taken for: never for wrong credentials. */
import { Fault } from "../../fault.ts";

/** Who is asked. */
export interface Asked {
  /** E.g. `AWS STS`. */
  service: string;
  /** What is done where it does not answer at all, with the setting its address comes from. */
  reach: string;
}

/** What is done where a service answers that it cannot answer. */
export const LATER = "try again later: npm run --silent megatests -- doctor";

/** Of AWS, which says it with status 400. https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html */
export const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/;

/**
 * Waits for an answer.
 * @param milliseconds after which nobody waits any more
 * @throws Fault where the service limits calls, is out of order, or is silent; else what was thrown
 */
export async function ask<T>(who: Asked, milliseconds: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const silence = `nothing for ${milliseconds / 1000} seconds`;
  const timer = setTimeout(() => late.reject(silent(who, silence)), milliseconds);
  try {
    return await Promise.race([answer, late.promise]);
  } catch (reason) {
    throw troubleOf(who, reason, silence) ?? reason;
  } finally {
    clearTimeout(timer);
  }
}

/** The same of a status; undefined where it is about the question, and not about the service. */
export function trouble({ service }: Asked, status: number): Fault | undefined {
  if (status === 429) return new Fault(`${service} limits calls: ${status}`, { mend: LATER });
  return status >= 500 ? new Fault(`${service} does not answer: ${status}`, { mend: LATER }) : undefined;
}

function troubleOf(who: Asked, reason: unknown, silence: string): Fault | undefined {
  const status = statusOf(reason);
  const { name = "", message = "" } = reason as Partial<Error>;
  if (THROTTLED.test(name)) return new Fault(`${who.service} limits calls: ${name}`, { mend: LATER });
  if (status !== undefined) return trouble(who, status);
  if (name === "TimeoutError") return silent(who, silence);
  return isUnconnected(reason) ? silent(who, causeOf(reason) ?? message) : undefined;
}

function silent({ service, reach }: Asked, how: string): Fault {
  return new Fault(`${service} does not answer: ${how}`, { mend: reach });
}

/** As AWS's clients, ky and the program's own client of the Platform give it. */
function statusOf(reason: unknown): number | undefined {
  const { $metadata, response, status } = reason as {
    $metadata?: { httpStatusCode?: number };
    response?: { status?: number };
    status?: number;
  };
  return $metadata?.httpStatusCode ?? response?.status ?? status;
}

/** An error of the network, as Node has it or as `fetch` wraps it, or the program's own about one. */
function isUnconnected(reason: unknown): boolean {
  const { code, syscall, message } = reason as NodeJS.ErrnoException;
  return (
    message === "fetch failed" ||
    syscall !== undefined ||
    /^E[A-Z]+$/.test(code ?? "") ||
    // A refusal has a status; without one there was no answer.
    (reason instanceof Fault && "status" in reason)
  );
}

/** What `fetch` hides, or the line of a text that says it. */
function causeOf(reason: unknown): string | undefined {
  const { cause, message } = reason as Error;
  if (cause instanceof Error && cause.message !== "") return cause.message;
  return /^ *got: +(.*)$/m.exec(message)?.[1];
}
