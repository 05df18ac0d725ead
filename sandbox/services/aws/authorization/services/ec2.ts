/**
 * EC2: Forge's launch templates, and machines that are looked at.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
import type { Facts } from "../identity.ts";
import { need } from "../parts.ts";
import { type ReadableRequest, regionalArn, type Right, Unreadable } from "../reading.ts";
import { formTags, requestTags } from "../tags.ts";
import { wildcard } from "./wildcard.ts";

/** Actions on one machine. */
const ON_INSTANCE = ["DescribeInstanceAttribute", "GetConsoleOutput"];
const ON_TEMPLATE = [
  "CreateLaunchTemplateVersion",
  "DeleteLaunchTemplate",
  "DeleteLaunchTemplateVersions",
  "ModifyLaunchTemplate",
];

export async function readEc2(request: ReadableRequest, facts: Facts): Promise<Right[]> {
  const { action, form } = request;
  const arn = (rest: string) => regionalArn(request, "ec2", rest);
  if (action === "CreateLaunchTemplate") return creation(form, arn("launch-template/*"));
  if (ON_TEMPLATE.includes(action)) {
    const name = form.get("LaunchTemplateName");
    const id =
      form.get("LaunchTemplateId") ?? (name === null ? null : (facts.get("launch-template", name) ?? "*"));
    return [{ action: `ec2:${action}`, resource: arn(`launch-template/${need(id, "LaunchTemplateId")}`) }];
  }
  if (ON_INSTANCE.includes(action)) {
    const id = need(form.get("InstanceId"), "InstanceId");
    const profile = facts.get("instance", id);
    const context: Right["context"] = profile === null ? {} : { "ec2:InstanceProfile": profile };
    return [{ action: `ec2:${action}`, resource: arn(`instance/${id}`), context }];
  }
  return wildcard(request, "ec2", "of EC2 it knows launch templates and what is only looked at");
}

/** A template has no id before it is made; its tags need a right of their own. */
function creation(form: URLSearchParams, resource: string): Right[] {
  const action = "ec2:CreateLaunchTemplate";
  const tags = requestTags(formTags(form, "TagSpecification.1.Tag"));
  if (form.has("TagSpecification.2.ResourceType"))
    throw new Unreadable("tags for several kinds of resources");
  if (Object.keys(tags).length === 0) return [{ action, resource }];
  return [
    { action, resource, context: tags },
    { action: "ec2:CreateTags", resource, context: { ...tags, "ec2:CreateAction": "CreateLaunchTemplate" } },
  ];
}
