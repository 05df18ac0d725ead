import { appendFileSync, readdirSync } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addToConfig, appended, configFile } from "./config-file.ts";

let home: string;
let file: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-config-"));
  file = join(home, ".aws/config");
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_CONFIG_FILE", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const AT = new Date("2026-05-05T12:00:00.000Z");
const BACKUP = "config.2026-05-05T12-00-00.000Z.bak";
const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const put = async (content: string | Buffer, permissions = 0o600) => {
  await mkdir(join(home, ".aws"), { recursive: true });
  await writeFile(file, content, { mode: permissions });
};

test.each([
  ["an empty file", "", "[profile a]\nb = c\n"],
  ["a file that ends its last line", "x\n", "x\n\n[profile a]\nb = c\n"],
  ["a file that does not", "x", "x\n\n[profile a]\nb = c\n"],
  ["a file with Windows' lines", "x\r\ny\r\n", "x\r\ny\r\n\r\n[profile a]\r\nb = c\r\n"],
  ["one of these that does not end its last line", "x\r\ny", "x\r\ny\r\n\r\n[profile a]\r\nb = c\r\n"],
])("lines behind %s", (_what, before, after) => {
  expect(appended(Buffer.from(before), ["[profile a]", "b = c"]).toString()).toBe(after);
});

test("a first file is for its owner alone, and nothing is there to be kept", async () => {
  expect(await addToConfig(["[default]"], AT)).toBeUndefined();
  expect(await readFile(file, "utf8")).toBe("[default]\n");
  expect([await mode(file), await mode(join(home, ".aws"))]).toEqual(["600", "700"]);
  expect(await readdir(join(home, ".aws"))).toEqual(["config"]);
});

test("comments, other profiles and odd bytes stay as they are; a copy is kept; permissions stay", async () => {
  const before = Buffer.concat([
    Buffer.from(
      "# mine ; all mine\n\n[profile  old]\n\tregion=eu-north-1   ; here\ns3 =\n  addressing_style = path\n",
    ),
    Buffer.from([0x23, 0x20, 0xe9, 0xff, 0x00, 0x0a]),
  ]);
  await put(before);
  await chmod(file, 0o664);
  expect(await addToConfig(["[profile new]", "region = eu-west-1"], AT)).toBe(join(home, ".aws", BACKUP));
  const after = await readFile(file);
  expect(after.subarray(0, before.length)).toEqual(before);
  expect(after.subarray(before.length).toString()).toBe("\n[profile new]\nregion = eu-west-1\n");
  expect(await readFile(join(home, ".aws", BACKUP))).toEqual(before);
  expect(await mode(file)).toBe("664");
  expect((await readdir(join(home, ".aws"))).sort()).toEqual(["config", BACKUP]);
});

test("a link stays a link", async () => {
  await put("");
  const real = join(home, "dotfiles");
  await writeFile(real, "# linked\n");
  await rm(file);
  await symlink(real, file);
  await chmod(real, 0o640);
  await addToConfig(["[default]"], AT);
  expect((await lstat(file)).isSymbolicLink()).toBe(true);
  expect([await readFile(real, "utf8"), await mode(real)]).toEqual(["# linked\n\n[default]\n", "640"]);
  expect((await readdir(home)).sort()).toEqual([
    ".aws",
    "dotfiles",
    `dotfiles.${BACKUP.slice("config.".length)}`,
  ]);
});

test("AWS_CONFIG_FILE names another file, also from the home folder", async () => {
  vi.stubEnv("AWS_CONFIG_FILE", "~/elsewhere/aws");
  expect(configFile()).toBe(join(home, "elsewhere/aws"));
  await addToConfig(["[default]"], AT);
  expect(await readFile(join(home, "elsewhere/aws"), "utf8")).toBe("[default]\n");
});

test("a file that somebody else writes to meanwhile is left to them", async () => {
  await put("# first\n");
  let watching = true;
  // A turn of its own between any two steps of the writing.
  const watch = () => {
    if (readdirSync(join(home, ".aws")).some((name) => name.endsWith(".bak"))) {
      appendFileSync(file, "# theirs\n");
      watching = false;
    }
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  await expect(addToConfig(["[profile a]"], AT).finally(() => (watching = false))).rejects.toThrow(
    new Error(`${file} has changed while it was being written, so it is left as it is.
  allowed: one writer at a time
  mend:    run the same command again`),
  );
  expect(await readFile(file, "utf8")).toBe("# first\n# theirs\n");
  expect((await readdir(join(home, ".aws"))).sort()).toEqual(["config", BACKUP]);
});

test("a second copy of the same moment is not written over the first, and the file stays", async () => {
  await put("# first\n");
  await addToConfig(["[profile a]"], AT);
  await expect(addToConfig(["[profile b]"], AT)).rejects.toThrow(
    new Error(`${file} cannot be written.
  got:     EEXIST: file already exists, copyfile '${file}' -> '${join(home, ".aws", BACKUP)}'
  allowed: a file and a folder that you may write
  mend:    chmod u+rw '${file}', or name another file: AWS_CONFIG_FILE`),
  );
  expect(await readFile(file, "utf8")).toBe("# first\n\n[profile a]\n");
  expect(await readFile(join(home, ".aws", BACKUP), "utf8")).toBe("# first\n");
  expect(await readdir(join(home, ".aws"))).toHaveLength(2);
});
