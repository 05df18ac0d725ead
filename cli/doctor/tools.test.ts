import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { ensurePython } from "../../sandbox/toolchain/python.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { temporaryFolder } from "../../sandbox/tw/testing/temporary-folder.ts";
import { fixAll, runFor } from "./fix.ts";
import { operatorsPath } from "./paths.ts";
import { Checkup, fail } from "./row.ts";
import { textsOf } from "./rows-for-tests.ts";
import { type ToolsPlace, toolRows } from "./tools.ts";

const { folder, file } = temporaryFolder();
const bin = join(folder, "bin");
const INSTALL_TW = "mend: install tw from https://github.com/seqeralabs/tower-cli/releases";

/** A program that says of itself what a test has it say. */
function program(name: string, script: string): string {
  const path = file(join("bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const rows = (some: Partial<ToolsPlace> = {}) =>
  textsOf((checkup) => toolRows(checkup, { path: bin, root: folder, sandbox: false, ...some }));

beforeEach(() => {
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
});

describe("the tools", () => {
  it("are missing one by one, each with what mends it", async () => {
    expect(await rows()).toEqual({
      Node: 'fail: node is not on PATH\nmend: export PATH="$PWD/node_modules/.bin:$PATH"',
      "Pulumi engine": "fail: Pulumi's engine is not on PATH\nmend: curl -fsSL https://get.pulumi.com | sh",
      "Node language host": "not applicable: not checked: Pulumi engine fails",
      Python: `fail: Python 3.10 or later with its venv module is needed on PATH: no Python
mend: apt-get install python3 python3-venv; or on macOS: brew install python@3.13`,
      seqerakit: "not applicable: not checked: Python fails",
      tw: `fail: tw is not on PATH\n${INSTALL_TW}`,
    });
  });

  it("are too old", async () => {
    const [node, pulumi, seqerakit, tw] = [
      program("node", "echo v20.19.0"),
      program("pulumi", "echo v3.99.0"),
      program("seqerakit", "echo seqerakit 0.4.9"),
      program("tw", "echo Tower CLI version 0.9.2"),
    ];
    program("python3", "echo 3 11 True");
    expect(await rows()).toEqual({
      Node: `fail: 20.19.0 (${node}), which does not run TypeScript: Unknown file extension ".ts"
mend: export PATH="$PWD/node_modules/.bin:$PATH"`,
      "Pulumi engine": `fail: 3.99.0 (${pulumi}); 3.258.0 or later is needed
mend: curl -fsSL https://get.pulumi.com | sh; or: pulumi self-upgrade`,
      "Node language host": "not applicable: not checked: Pulumi engine fails",
      Python: `pass: 3.11 (${join(bin, "python3")})`,
      seqerakit: `fail: 0.4.9 (${seqerakit}); 0.5.7 is needed
mend: python3 -m venv .venv && .venv/bin/pip install seqerakit==0.5.7; export PATH="${folder}/.venv/bin:$PATH"`,
      tw: `fail: 0.9.2 (${tw}); 0.38.0 or later is needed\n${INSTALL_TW}`,
    });
  });

  it("do not run, as a version manager's shims without a version: each row says what they print", async () => {
    const print = (name: string) =>
      program(name, `echo "No version is set for command ${name}" >&2; echo "Consider 24.1.0" >&2; exit 126`);
    const [node, pulumi, seqerakit, tw] = ["node", "pulumi", "seqerakit", "tw"].map(print);
    program("python3", "echo 3 11 True");
    const shim = (file = "", name: string) =>
      `fail: ${file} does not tell its version: No version is set for command ${name}\nConsider 24.1.0\nmend: `;
    expect(await rows()).toEqual({
      Node: `${shim(node, "node")}export PATH="$PWD/node_modules/.bin:$PATH"`,
      "Pulumi engine": `${shim(pulumi, "pulumi")}curl -fsSL https://get.pulumi.com | sh`,
      "Node language host": "not applicable: not checked: Pulumi engine fails",
      Python: `pass: 3.11 (${join(bin, "python3")})`,
      seqerakit: `${shim(seqerakit, "seqerakit")}python3 -m venv .venv && .venv/bin/pip install seqerakit==0.5.7; export PATH="${folder}/.venv/bin:$PATH"`,
      tw: `${shim(tw, "tw")}install tw from https://github.com/seqeralabs/tower-cli/releases`,
    });
    const mute = program("tw", "exit 0");
    expect((await rows()).tw).toBe(`fail: ${mute} does not tell its version: it says nothing\n${INSTALL_TW}`);
  });

  it("are there, but for seqerakit, which .venv has in this version or in another", async () => {
    program("python3", "echo 3 11 True");
    const own = join(folder, ".venv/bin/seqerakit");
    mkdirSync(dirname(own), { recursive: true });
    const put = (version: string) => {
      file(".venv/bin/seqerakit", `#!/bin/sh\necho seqerakit ${version}\n`);
      chmodSync(own, 0o755);
    };
    const install = "python3 -m venv .venv && .venv/bin/pip install seqerakit==0.5.7";
    const take = `export PATH="${folder}/.venv/bin:$PATH"`;
    put("0.5.6");
    expect((await rows()).seqerakit).toBe(`fail: seqerakit is not on PATH\nmend: ${install}; ${take}`);
    const path = `${dirname(own)}:${bin}`;
    expect((await rows({ path })).seqerakit).toBe(`fail: 0.5.6 (${own}); 0.5.7 is needed\nmend: ${install}`);
    const fixes = async (places: Partial<ToolsPlace>) => {
      const checkup = new Checkup(10_000);
      toolRows(checkup, { path: bin, root: folder, sandbox: false, ...places });
      const findings = await Promise.all(checkup.rows.map(({ finding }) => finding));
      return findings.flatMap((each) => (each.state === "fail" && each.fix ? [each.fix.does] : []));
    };
    expect(await fixes({ path })).toEqual([`makes ${folder}/.venv and installs seqerakit 0.5.7 into it`]);
    put("0.5.7");
    expect((await rows()).seqerakit).toBe(`fail: seqerakit is not on PATH\nmend: ${take}`);
    expect(await fixes({})).toEqual([]);
    rmSync(join(folder, ".venv"), { recursive: true });
  });

  it("have a Python that is too old, or without its venv module", async () => {
    const [mend, seqerakit] = [
      "apt-get install python3 python3-venv; or on macOS: brew install python@3.13",
      "not applicable: not checked: Python fails",
    ];
    const needed = "Python 3.10 or later with its venv module is needed on PATH";
    program("python3", "echo 3 9 True");
    expect(await rows()).toMatchObject({
      Python: `fail: ${needed}: ${join(bin, "python3")} is 3.9\nmend: ${mend}`,
      seqerakit,
    });
    program("python3", "echo 3 12 False");
    expect(await rows()).toMatchObject({
      Python: `fail: ${needed}: ${join(bin, "python3")} has no venv module\nmend: ${mend}`,
      seqerakit,
    });
  });

  it("lack what a deployment asks of them", async () => {
    program("pulumi", "echo v3.300.0");
    const tw = program("tw", "echo Tower CLI version 0.38.0");
    expect(await rows()).toMatchObject({
      "Node language host": `fail: pulumi-language-nodejs is neither on PATH nor beside ${join(bin, "pulumi")}
mend: curl -fsSL https://get.pulumi.com | sh`,
      tw: `fail: 0.38.0 (${tw}) has no credentials validate\n${INSTALL_TW}`,
    });
    expect((await rows({ sandbox: true }))["Node language host"]).toBe(
      "not applicable: a sandbox runs the program by itself",
    );
  });

  it("are there: the real engine, Python and seqerakit", async () => {
    const [engine, python] = await Promise.all([ensureEngine(silent), ensurePython()]);
    const node = program("node", `exec "${process.execPath}" "$@"`);
    const tw = program(
      "tw",
      `echo "Tower CLI version 0.38.0"; echo "  validate   Validate workspace credentials"`,
    );
    const host = program("pulumi-language-nodejs", "");
    const path = [bin, dirname(engine.path), python.bin].join(":");
    expect(await rows({ path })).toEqual({
      Node: `pass: ${process.versions.node} (${node})`,
      "Pulumi engine": `pass: 3.258.0 (${engine.path})`,
      "Node language host": `pass: ${host}`,
      Python: expect.stringMatching(/^pass: 3\.\d+ \(\//),
      seqerakit: `pass: 0.5.7 (${python.bin}/seqerakit)`,
      tw: `pass: 0.38.0 with credentials validate (${tw})`,
    });
  });
});

describe("--fix", () => {
  it("makes .venv with seqerakit, and says how the shell finds it", async () => {
    // pip's own work needs a network: what it is asked for is what counts here.
    program(
      "python3",
      `[ "$1" = -c ] && { echo 3 11 True; exit; }
mkdir -p "$3/bin"
cat > "$3/bin/pip" <<END
#!/bin/sh
echo "\\$@" > "$3/asked"
printf '#!/bin/sh\\necho seqerakit 0.5.7\\n' > "$3/bin/seqerakit"
chmod +x "$3/bin/seqerakit"
END
chmod +x "$3/bin/pip"`,
    );
    const checkup = new Checkup(10_000);
    toolRows(checkup, { path: bin, root: folder, sandbox: false });
    const said: string[] = [];
    expect(await fixAll(checkup, (text) => said.push(text))).toBe(1);
    expect(said).toEqual([`  makes ${folder}/.venv and installs seqerakit 0.5.7 into it …`]);
    expect((await execa("cat", [join(folder, ".venv/asked")])).stdout).toBe(
      "install --quiet --no-input seqerakit==0.5.7",
    );
    expect((await rows()).seqerakit).toBe(
      `fail: seqerakit is not on PATH\nmend: export PATH="${folder}/.venv/bin:$PATH"`,
    );
  });

  it("says what it could not do, by the tool's last words, and goes on", async () => {
    const pip = program("pip", "for line in 1 2 3 4 5 6; do echo line $line >&2; done; exit 3");
    const slow = program("slow", "echo waiting for the network; exec sleep 20");
    const said: string[] = [];
    const checkup = new Checkup(1000);
    const add = (does: string, work: () => Promise<void>) =>
      checkup.add("tools", does, () => fail("none", "x", { does, work }));
    add("installs seqerakit", () => runFor(pip, ["install"]));
    add("installs a plugin", () => runFor(slow, [], 100));
    expect(await fixAll(checkup, (text) => said.push(text))).toBe(2);
    expect(said).toEqual([
      "  installs seqerakit …",
      `  that failed: Command failed with exit code 3: ${pip} install
    line 2
    line 3
    line 4
    line 5
    line 6`,
      "  installs a plugin …",
      `  that failed: Command timed out after 100 milliseconds: ${slow}
    waiting for the network`,
    ]);
  });
});

it("looks where the operator's shell looks, not where npm does", () => {
  const own = "/opt/node20/bin:/usr/bin";
  const npms = "/clone/node_modules/.bin:/node_modules/.bin:/npm/node-gyp-bin";
  expect(operatorsPath(`${npms}:${own}`)).toBe(own);
  expect(operatorsPath(`${npms}:/sandbox/bin:${npms}:${own}`)).toBe(`/sandbox/bin:${npms}:${own}`);
  const exported = `/clone/node_modules/.bin:${own}`;
  for (const path of [own, exported, `/sandbox/bin:${npms}:${own}`]) expect(operatorsPath(path)).toBe(path);
});
