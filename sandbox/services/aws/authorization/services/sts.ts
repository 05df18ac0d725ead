/**
 * STS: a role is assumed by leave of the caller's documents and of the role's own trust.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
import type { Facts } from "../identity.ts";
import { members, need } from "../parts.ts";
import { type ReadableRequest, type Right, Unreadable } from "../reading.ts";
import { formTags, requestTags, resourceTags } from "../tags.ts";

/** Trusts nobody: of a role that does not exist. */
const NO_TRUST = { Version: "2012-10-17", Statement: [] };

const WITHOUT_RESOURCE = [
  "GetCallerIdentity",
  "GetSessionToken",
  "DecodeAuthorizationMessage",
  "GetAccessKeyInfo",
];

export function readSts(request: ReadableRequest, facts: Facts): Right[] {
  const { action } = request;
  if (WITHOUT_RESOURCE.includes(action)) return [{ action: `sts:${action}`, resource: "*" }];
  if (action === "AssumeRole") return assumeRole(request, facts);
  throw new Unreadable("of STS it knows AssumeRole, GetCallerIdentity and the like");
}

function assumeRole({ form }: ReadableRequest, facts: Facts): Right[] {
  const resource = need(form.get("RoleArn"), "RoleArn");
  if (form.has("PolicyArns.member.1.arn")) throw new Unreadable("PolicyArns are not kept with the session");
  const role = facts.get("role", resource);
  const tags = formTags(form, "Tags.member");
  const context: Right["context"] = { ...resourceTags(role?.tags, "iam:ResourceTag"), ...requestTags(tags) };
  const keys = {
    "sts:ExternalId": form.get("ExternalId"),
    "sts:RoleSessionName": form.get("RoleSessionName"),
    "sts:SourceIdentity": form.get("SourceIdentity"),
  };
  for (const [key, value] of Object.entries(keys)) if (value !== null) context[key] = value;
  const transitive = members(form, "TransitiveTagKeys.member");
  if (transitive.length > 0) context["sts:TransitiveTagKeys"] = transitive;
  const actions = [
    "sts:AssumeRole",
    ...(Object.keys(tags).length > 0 ? ["sts:TagSession"] : []),
    ...(form.has("SourceIdentity") ? ["sts:SetSourceIdentity"] : []),
  ];
  return actions.map((action) => ({ action, resource, context, resourcePolicy: role?.trust ?? NO_TRUST }));
}
