/** Reads the record of what the services were asked. */
import type { Call } from "../../sandbox/services/faults.ts";

/** `service method path` of a call, without query and with ids as `ID`. */
export function label({ service, method, path }: Call): string {
  const place = path.split("?")[0]!.replace(/\/[0-9A-Za-z]{22}(?=\/|$)/g, "/ID");
  return service === "aws" ? `aws ${place}` : `${service} ${method} ${place}`;
}

/** Calls that may change something. */
export function writes(calls: Call[]): string[] {
  return calls
    .filter(({ service, method, path }) =>
      service === "aws" ? !/^\w+:(Get|List|Describe|Simulate|HEAD|GET)/.test(path) : method !== "GET",
    )
    .map(label);
}

/** Whether it is one of the prober's, which asks all the time. */
export function isProber({ by }: Call): boolean {
  return by === "prober";
}
