/**
 * Stand-in for the `command` provider plugin: `command:local:Command`, without assets and archives.
 *
 * An attached plugin has the working directory and the environment of whoever started it, where the real one has the
 * engine's: a program that wants to run on both gives `dir` and `environment`.
 */
import { randomBytes } from "node:crypto";
import type { CallContext, Provider, ResourceType } from "../kit/resource.ts";
import { text, type Props } from "../kit/values.ts";
import { installedVersion } from "../kit/version.ts";
import { run, type Output } from "./run.ts";

type Context = CallContext<null>;

const unsupported =
  "the stand-in of the sandbox collects no files; print what you need, or use the real plugin";

/** Runs a script at each step of its life; nothing in a preview. */
export const localCommand: ResourceType<null> = {
  properties: {
    addPreviousOutputInEnv: {},
    archivePaths: {},
    assetPaths: {},
    create: {},
    delete: {},
    dir: {},
    environment: {},
    interpreter: {},
    logging: { oneOf: ["stdout", "stderr", "stdoutAndStderr", "none"] },
    stdin: {},
    triggers: { replaces: true },
    update: {},
  },
  computed: ["stdout", "stderr"],
  volatile: ["stdout", "stderr"],
  validate: (inputs) =>
    Object.fromEntries(
      ["archivePaths", "assetPaths"].filter((key) => inputs[key]).map((key) => [key, unsupported]),
    ),

  async create(context, inputs) {
    const id = `${context.urn.split("::").at(-1)}${randomBytes(4).toString("hex")}`;
    const ran = await runIfGiven(context, text(inputs, "create"), inputs, {});
    return { id, outs: { ...inputs, stdout: "", stderr: "", ...ran } };
  },

  read: (_context, _id, known) => Promise.resolve(known),

  async update(context, _id, olds, news) {
    const previous = outputOf(olds);
    const ran = await runIfGiven(context, text(news, "update") ?? text(news, "create"), news, previous);
    return { ...news, ...previous, ...ran };
  },

  // The arguments are gone by now: it runs with those recorded at the last success.
  async delete(context, _id, olds) {
    await runIfGiven(context, text(olds, "delete"), olds, outputOf(olds));
  },
};

/** The `command` stand-in. */
export const command: Provider<null> = {
  name: "command",
  version: installedVersion("@pulumi/command"),
  configure: () => Promise.resolve(null),
  resources: { "command:local:Command": localCommand },
  functions: {},
};

function outputOf(olds: Props): Output {
  return { stdout: text(olds, "stdout") ?? "", stderr: text(olds, "stderr") ?? "" };
}

async function runIfGiven(
  { log, signal }: Context,
  script: string | undefined,
  inputs: Props,
  previous: Partial<Output>,
): Promise<Output | undefined> {
  return script === undefined ? undefined : run(script, inputs, previous, { log, signal });
}
