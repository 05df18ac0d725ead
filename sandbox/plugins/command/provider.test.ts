import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { check, diff, preview } from "../kit/lifecycle.ts";
import { UNKNOWN, type Props } from "../kit/values.ts";
import { localCommand } from "./provider.ts";

const lines: string[] = [];
const folders: string[] = [];
const context = (signal = new AbortController().signal) => ({
  session: null,
  urn: "urn:pulumi:s::p::command:local:Command::push",
  log: (line: string) => void lines.push(line),
  signal,
});
const create = (inputs: Props) => localCommand.create(context(), inputs);

afterEach(async () => {
  lines.length = 0;
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

describe("a local command", () => {
  it("runs by a shell, with its environment over the plugin's, in its folder, and cuts one line end", async () => {
    const dir = await mkdtemp(join(tmpdir(), "command-"));
    folders.push(dir);
    const script = 'pwd; echo "$GREETING $HOME"; echo; echo note >&2';
    const { id, outs } = await create({ create: script, dir, environment: { GREETING: "hello" } });
    expect(id).toMatch(/^push[0-9a-f]{8}$/);
    expect(outs).toMatchObject({ stdout: `${dir}\nhello ${process.env.HOME}\n`, stderr: "note" });
  });

  it("takes another interpreter and standard input", async () => {
    expect((await create({ create: "a b", interpreter: ["/usr/bin/printf", "%s|"] })).outs.stdout).toBe(
      "a b|",
    );
    expect((await create({ create: "cat", stdin: "in\n" })).outs.stdout).toBe("in");
  });

  it("gives an update what the run before printed, unless that is switched off", async () => {
    const inputs = { create: "true", update: 'echo "[$PULUMI_COMMAND_STDOUT|$PULUMI_COMMAND_STDERR]"' };
    const olds = { ...inputs, stdout: "out", stderr: "err" };
    expect(await localCommand.update(context(), "id", olds, inputs)).toMatchObject({ stdout: "[out|err]" });
    const off = { ...inputs, addPreviousOutputInEnv: false };
    expect(await localCommand.update(context(), "id", olds, off)).toMatchObject({ stdout: "[|]" });
  });

  it("creates again where there is no update, and deletes with what was recorded", async () => {
    const olds = {
      create: "echo old",
      delete: 'test "$A" = stored',
      environment: { A: "stored" },
      stdout: "x",
      stderr: "",
    };
    expect(await localCommand.update(context(), "id", olds, { create: "echo new" })).toMatchObject({
      stdout: "new",
    });
    await localCommand.delete(context(), "id", olds);
    await expect(localCommand.delete(context(), "id", { ...olds, environment: {} })).rejects.toThrow(
      "exit status 1",
    );
  });

  it("tells the script and all it printed when it fails, also with logging off", async () => {
    const script = "echo out; echo err >&2; exit 7";
    await expect(create({ create: script, logging: "none" })).rejects.toThrow(
      /^exit status 7: running "echo out; echo err >&2; exit 7":\n(out\nerr|err\nout)\n$/,
    );
    expect(lines).toEqual([]);
  });

  it.each([
    ["stdout", ["out", "more"]],
    ["stderr", ["err"]],
    ["none", []],
  ])("shows lines as they come with logging %s", async (logging, shown) => {
    await create({ create: "echo out; echo err >&2; printf more", logging });
    expect(lines).toEqual(shown);
  });

  it("is killed when the engine cancels", async () => {
    const abort = new AbortController();
    const running = localCommand.create(context(abort.signal), { create: "exec sleep 30" });
    setTimeout(() => abort.abort(), 100);
    await expect(running).rejects.toThrow('signal: killed: running "exec sleep 30"');
  });
});

describe("its plan", () => {
  const olds = { create: "a", update: "b", environment: { A: "1" }, triggers: [1], stdout: "s", stderr: "" };
  const news = { create: "a", update: "b", environment: { A: "1" }, triggers: [1] };

  it("updates for its text and environment, replaces for its triggers", () => {
    expect(diff(localCommand, null, olds, news, [])).toEqual({});
    expect(diff(localCommand, null, olds, { ...news, environment: { A: "2" } }, [])).toEqual({
      "environment.A": { kind: "update", replaces: false },
    });
    expect(diff(localCommand, null, olds, { ...news, triggers: [2] }, [])).toEqual({
      triggers: { kind: "update", replaces: true },
    });
  });

  it("knows nothing of the output before it ran", () => {
    expect(preview(localCommand, null, olds, news)).toMatchObject({ stdout: UNKNOWN, stderr: UNKNOWN });
  });

  it("refuses to collect files", () => {
    const { failures } = check(localCommand, "n", {}, { assetPaths: ["*.txt"] });
    expect(failures).toEqual([
      { property: "assetPaths", reason: expect.stringContaining("collects no files") as string },
    ]);
  });
});
