/** Translates between the engine's protocol buffers and plain values. */
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { rootOf, type Changes, type Failure } from "./lifecycle.ts";
import { plain, type Props } from "./values.ts";

type Struct = InstanceType<typeof structs.Struct>;

/** @returns the values of a message, secret marks removed: the engine puts them back on values of the same name */
export function read(struct: Struct | undefined): Props {
  return plain(struct?.toJavaScript() ?? {}) as Props;
}

/** @returns `props` as a message; members that are undefined are left out, at any depth */
export function write(props: Props): Struct {
  return structs.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(props)) as Parameters<typeof structs.Struct.fromJavaScript>[0],
  );
}

/** @returns refused arguments as a message each */
export function writeFailures(failures: Failure[]): InstanceType<typeof messages.CheckFailure>[] {
  return failures.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property).setReason(reason),
  );
}

/**
 * @param deletesFirst whether a replacement begins with the deletion
 * @returns changes as the engine wants them: which, which of them replace, and how each is shown
 */
export function writeDiff(
  changes: Changes,
  deletesFirst: boolean,
): InstanceType<typeof messages.DiffResponse> {
  const response = new messages.DiffResponse();
  const paths = Object.keys(changes);
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  response.setChanges(paths.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(paths.map(rootOf))]);
  const replacing = paths.filter((path) => changes[path]?.replaces);
  response.setReplacesList([...new Set(replacing.map(rootOf))]);
  response.setDeletebeforereplace(replacing.length > 0 && deletesFirst);
  response.setHasdetaileddiff(true);
  const kinds = messages.PropertyDiff.Kind;
  for (const [path, { kind, replaces }] of Object.entries(changes)) {
    const name = `${kind.toUpperCase()}${replaces ? "_REPLACE" : ""}` as keyof typeof kinds;
    response.getDetaileddiffMap().set(path, new messages.PropertyDiff().setKind(kinds[name]));
  }
  return response;
}
