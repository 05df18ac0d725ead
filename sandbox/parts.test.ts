import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkParts, chooseParts, parsePlugin, WrongArgument } from "./parts.ts";
import { silent } from "./toolchain/report.ts";
import { openWorld, prepareWorld, type World } from "./world.ts";

const engine = { path: "/engine", version: "3.258.0", source: "PATH" as const };
let folder: string;
let world: World;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parts-"));
  world = openWorld(join(folder, "state"));
  await prepareWorld(world);
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string, says: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\necho ${says} "$@"\n`, { mode: 0o755 });
  return file;
}

test("stand-ins are the default", async () => {
  const parts = await chooseParts(world, engine, { plugin: {}, real: false }, silent);
  expect(parts).toEqual({
    folders: {},
    imitated: ["aws", "command", "github", "onepassword"],
    standIns: ["aws", "command", "github", "onepassword", "tw"],
    real: ["engine", "seqerakit", "moto"],
  });
  expect(await readFile(join(world.bin, "tw"), "utf8")).toBe(
    `#!/bin/sh\nexec '${process.execPath}' '${world.root}/sandbox/tw/main.ts' "$@"\n`,
  );
});

test("a named executable gets its proper name and its own arguments, a named tw runs as tw", async () => {
  const aws = await program("my aws plugin", "plugin");
  const tw = await program("tw-0.38", "tw");
  const parts = await chooseParts(world, engine, { plugin: { aws }, tw, real: false }, silent);
  expect(parts.imitated).toEqual(["command", "github", "onepassword"]);
  expect(parts.real).toEqual(["engine", "aws", "tw", "seqerakit", "moto"]);
  expect(parts.standIns).toEqual(["command", "github", "onepassword"]);
  const run = await execa(join(parts.folders.aws ?? "", "pulumi-resource-aws"), ["127.0.0.1:99"]);
  expect(run.stdout).toBe("plugin 127.0.0.1:99");
  expect((await execa(join(world.bin, "tw"), ["-o", "json"])).stdout).toBe("tw -o json");
});

test("a folder with the executable or with PulumiPlugin.yaml is taken as it is", async () => {
  await mkdir(join(folder, "one"));
  await program("one/pulumi-resource-github", "x");
  await mkdir(join(folder, "two"));
  await writeFile(join(folder, "two/PulumiPlugin.yaml"), "runtime: nodejs\n");
  const plugin = { github: join(folder, "one"), aws: join(folder, "two") };
  const { folders } = await chooseParts(world, engine, { plugin, real: false }, silent);
  expect(folders).toEqual(plugin);
});

test.each([
  ["nothing", "NAME=PATH is wanted, for instance aws=./pulumi-resource-aws"],
  ["aws=", "NAME=PATH is wanted, for instance aws=./pulumi-resource-aws"],
  ["gcp=./x", "no plugin of the project is named gcp; there are aws, command, github, onepassword"],
])("--plugin %s is refused", (value, why) => {
  expect(() => parsePlugin(value)).toThrow(new WrongArgument(`--plugin ${value}: ${why}`));
});

test("a path may have equal signs", () => {
  expect(parsePlugin("aws=/a=b/c")).toEqual(["aws", "/a=b/c"]);
});

test("wrong paths are refused before anything is done", async () => {
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "text"), "");
  const refused = (plugin: string, tw?: string) => checkParts({ plugin: { aws: plugin }, tw, real: false });
  await expect(refused(join(folder, "empty"))).rejects.toThrow(
    `--plugin aws=${folder}/empty: the folder has neither pulumi-resource-aws nor PulumiPlugin.yaml`,
  );
  await expect(refused(join(folder, "text"))).rejects.toThrow(
    `--plugin aws=${folder}/text: neither a folder nor an executable file; pulumi-resource-aws, or a folder with it or with PulumiPlugin.yaml, is wanted`,
  );
  const tw = join(folder, "text");
  await expect(checkParts({ plugin: {}, tw, real: false })).rejects.toThrow(
    new WrongArgument(`--tw ${tw}: not an executable file; the path of a tw program is wanted`),
  );
});
