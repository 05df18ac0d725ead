/** The engine's provider plugins, at the versions that the SDKs were made for. */
import { join } from "node:path";
import { z } from "zod";
import { PLUGINS, type PluginName } from "../../sandbox/environment.ts";
import { findExecutable } from "../../sandbox/toolchain/find-executable.ts";
import { neededPlugin } from "../../sandbox/toolchain/real.ts";
import { askEngine, readProject } from "../stack/place.ts";
import { runFor } from "./fix.ts";
import { type Checkup, fail, type Finding, need, pass, type Row } from "./row.ts";
import { definite } from "./stack.ts";
import type { Surroundings } from "./surroundings.ts";
import { atLeast } from "../words.ts";

const installed = z.array(z.object({ name: z.string(), kind: z.string(), version: z.string().default("") }));

/** @returns a row for each plugin */
export function pluginRows(
  checkup: Checkup,
  around: Surroundings,
  engine: Row<string>,
): Record<PluginName, Row<undefined>> {
  const { root: folder, engineMilliseconds: patience } = around;
  const place = { folder, stack: "", env: definite(around.env), patience };
  // Asked once, and only where a plugin is not there in a simpler way.
  let asked: Promise<z.infer<typeof installed>> | undefined;
  const ask = () =>
    (asked ??= askEngine(place, ["plugin", "ls", "--json"]).then((text) =>
      installed.parse(JSON.parse(text)),
    ));
  const rows = PLUGINS.map((name) => {
    const check = async () => plugin(name, { ...around, engine: await need(engine), installed: ask });
    return [name, checkup.add("tools", `plugin ${name}`, check)] as const;
  });
  return Object.fromEntries(rows) as Record<PluginName, Row<undefined>>;
}

interface Around extends Surroundings {
  engine: string;
  installed: () => Promise<z.infer<typeof installed>>;
}

async function plugin(
  name: PluginName,
  { engine, path, env, root, folder, installed: ask }: Around,
): Promise<Finding<undefined>> {
  const attached = (env.PULUMI_DEBUG_PROVIDERS ?? "").split(",").find((each) => each.startsWith(`${name}:`));
  if (attached !== undefined) return pass(`attached at port ${attached.slice(name.length + 1)}`);
  const named = await namedInProject(name, folder);
  if (named !== undefined) return pass(`${named}, named in Pulumi.yaml`);
  const onPath = await findExecutable(`pulumi-resource-${name}`, path);
  if (onPath !== undefined) return pass(`${onPath}, on PATH`);
  const { version, server } = await neededPlugin(name, join(root, "node_modules"));
  const versions = (await ask())
    .filter((each) => each.name === name && each.kind === "resource")
    .map((each) => each.version);
  const fit = versions.find((each) => atLeast(each, version) && each.split(".")[0] === version.split(".")[0]);
  if (fit !== undefined) return pass(`${fit}, installed`);
  const args = [
    "plugin",
    "install",
    "resource",
    name,
    `v${version}`,
    ...(server ? ["--server", server] : []),
  ];
  return fail(
    `${version} is not installed${versions.length > 0 ? `, only ${versions.join(", ")}` : ""}`,
    `pulumi ${args.join(" ")}`,
    { does: `installs the plugin ${name} ${version}`, work: () => runFor(engine, args) },
  );
}

async function namedInProject(name: PluginName, folder: string): Promise<string | undefined> {
  const { plugins } = await readProject({ folder }).catch(() => ({ plugins: undefined }));
  return plugins?.providers?.find((each) => each.name === name)?.path;
}
