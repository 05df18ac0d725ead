/** Services whose requests name what they are about in one place: Secrets Manager, Systems Manager, ECS. */
import type { Facts } from "../identity.ts";
import { need, text, texts } from "../parts.ts";
import { arnOf, type ReadableRequest, regionalArn, type Right } from "../reading.ts";
import { requestTags, tagList } from "../tags.ts";
import { wildcard } from "./wildcard.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export async function readSecretsManager(request: ReadableRequest, facts: Facts): Promise<Right[]> {
  const { action, json } = request;
  const name = text(action === "CreateSecret" ? json.Name : json.SecretId);
  if (name === undefined) return wildcard(request, "secretsmanager", "it names no secret");
  // Six characters of AWS's choice end a secret's ARN; a secret that is yet to be made has none, and nothing stands for them.
  const resource =
    facts.get("secret", name) ??
    (name.startsWith("arn:") ? name : regionalArn(request, "secretsmanager", `secret:${name}-??????`));
  const tags = requestTags(tagList(json.Tags));
  const on = (each: string): Right => ({
    action: `secretsmanager:${each}`,
    resource,
    context: { "secretsmanager:Name": name, ...tags },
  });
  const tagging = action === "CreateSecret" && Object.keys(tags).length > 0;
  return [on(action), ...(tagging ? [on("TagResource")] : [])];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export async function readSsm(request: ReadableRequest): Promise<Right[]> {
  const { action, json } = request;
  const names = [
    ...texts(json.Names),
    ...[json.Name, json.Path].map(text).filter((name) => name !== undefined),
  ];
  if (names.length === 0 || !/Parameter/.test(action))
    return wildcard(request, "ssm", "of SSM it knows parameters");
  // AWS's own parameters, /aws/service/…, belong to no account; the simulator knows none without.
  return names.map((name) => ({
    action: `ssm:${action}`,
    resource: arnOf(request, "ssm", "parameter", name.replace(/^\//, "")),
  }));
}

/** ECS's actions on several of a cluster's things, by the parameter that lists them. */
const IN_CLUSTER: Record<string, [type: string, parameter: string]> = {
  DescribeTasks: ["task", "tasks"],
  DescribeContainerInstances: ["container-instance", "containerInstances"],
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
export async function readEcs(request: ReadableRequest): Promise<Right[]> {
  const { action, json } = request;
  const cluster = (text(json.cluster) ?? "default").split("/").at(-1)!;
  if (action === "DescribeClusters") {
    const clusters = texts(json.clusters).length > 0 ? texts(json.clusters) : ["default"];
    return clusters.map((name) => ({
      action: "ecs:DescribeClusters",
      resource: arnOf(request, "ecs", "cluster", name),
    }));
  }
  const [type, parameter] = IN_CLUSTER[action] ?? [];
  if (type === undefined || parameter === undefined)
    return wildcard(request, "ecs", "of ECS it knows tasks and container instances that are looked at");
  const named = texts(json[parameter]);
  if (named.length === 0) need(undefined, parameter);
  return named.map((name) => ({
    action: `ecs:${action}`,
    resource: arnOf(request, "ecs", `${type}/${cluster}`, name),
    context: { "ecs:cluster": arnOf(request, "ecs", "cluster", cluster) },
  }));
}
