/**
 * EFS and FSx: file systems that a compute environment is made with.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html
 */
import type { Facts } from "../identity.ts";
import { need, record, text } from "../parts.ts";
import { arnOf, type ReadableRequest, type Right, Unreadable } from "../reading.ts";
import { requestTags, tagList } from "../tags.ts";
import { wildcard } from "./wildcard.ts";

const EFS = "elasticfilesystem";
const FILE_SYSTEM = "file-system";

/** EFS's actions by method and path, in which `*` is an id. */
const EFS_ACTIONS: Record<string, string> = {
  "POST file-systems": "CreateFileSystem",
  "GET file-systems": "DescribeFileSystems",
  "PUT file-systems/*": "UpdateFileSystem",
  "DELETE file-systems/*": "DeleteFileSystem",
  "PUT file-systems/*/lifecycle-configuration": "PutLifecycleConfiguration",
  "GET file-systems/*/lifecycle-configuration": "DescribeLifecycleConfiguration",
  "POST mount-targets": "CreateMountTarget",
  "GET mount-targets": "DescribeMountTargets",
  "DELETE mount-targets/*": "DeleteMountTarget",
  "POST resource-tags/*": "TagResource",
  "GET resource-tags/*": "ListTagsForResource",
  "DELETE resource-tags/*": "UntagResource",
};

export function readEfs(request: ReadableRequest, facts: Facts): Right[] {
  const { method, path, query, json } = request;
  const [, , collection = "", id, ...rest] = path.replace(/\/$/, "").split("/");
  const route = [collection, ...(id === undefined ? [] : ["*"]), ...rest].join("/");
  const name = EFS_ACTIONS[`${method} ${route}`];
  if (name === undefined) throw new Unreadable("of EFS it knows file systems, their mount targets and tags");
  const action = `${EFS}:${name}`;
  const arn = (fileSystem: string) => arnOf(request, EFS, FILE_SYSTEM, fileSystem);
  const tags = requestTags(tagList(json.Tags));
  if (name === "CreateFileSystem") {
    const tagging = { action: `${EFS}:TagResource`, resource: arn("*"), context: tags };
    const encrypted = { "elasticfilesystem:Encrypted": String(json.Encrypted === true) };
    return [
      { action, resource: "*", context: { ...tags, ...encrypted } },
      ...(Object.keys(tags).length > 0 ? [tagging] : []),
    ];
  }
  const target = collection === "mount-targets" ? (id ?? query.get("MountTargetId")) : null;
  const ofTarget = target === null ? null : (facts.get("mount-target", target) ?? "*");
  const named = collection === "mount-targets" ? (text(json.FileSystemId) ?? ofTarget) : id;
  const fileSystem = named ?? query.get("FileSystemId") ?? "*";
  const untagged: Right["context"] =
    name === "UntagResource" ? { "aws:TagKeys": query.getAll("tagKeys") } : {};
  return [{ action, resource: arn(fileSystem), context: { ...tags, ...untagged } }];
}

export async function readFsx(request: ReadableRequest): Promise<Right[]> {
  const { action, json } = request;
  const tags = requestTags(tagList(json.Tags));
  const on = (name: string, resource: string): Right => ({ action: `fsx:${name}`, resource, context: tags });
  switch (action) {
    case "CreateFileSystem": {
      const made = arnOf(request, "fsx", FILE_SYSTEM, "*");
      return [on(action, made), ...(Object.keys(tags).length > 0 ? [on("TagResource", made)] : [])];
    }
    case "DeleteFileSystem":
    case "UpdateFileSystem":
      return [on(action, arnOf(request, "fsx", FILE_SYSTEM, need(json.FileSystemId, "FileSystemId")))];
    case "TagResource":
    case "UntagResource":
    case "ListTagsForResource":
      return [on(action, need(record(json).ResourceARN, "ResourceARN"))];
    default:
      return wildcard(request, "fsx", "of FSx it knows file systems and their tags");
  }
}
