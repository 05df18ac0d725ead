import { execa } from "execa";
import { mkdir, readdir } from "node:fs/promises";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "yaml";
import { expect, it } from "vitest";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { silent } from "../../sandbox/toolchain/report.ts";
import { temporaryFolder } from "../../sandbox/tw/testing/temporary-folder.ts";

const { folder, file } = temporaryFolder();

/** Ids of the processes that another one has started. */
async function childrenOf(pid: number | undefined): Promise<string[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid="]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  return rows.filter(([, parent]) => parent === String(pid)).map(([own = ""]) => own);
}

function isThere(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

it.each([
  ["ends by itself", undefined, { exitCode: 1 }],
  ["is interrupted", "SIGINT", { exitCode: 130 }],
  ["is ended", "SIGTERM", { exitCode: 143 }],
] as const)(
  "a throw-away stack leaves neither folder nor engine when the process %s",
  async (how, signal, end) => {
    const temporary = join(folder, how.replaceAll(" ", "-"));
    await mkdir(temporary);
    file("Pulumi.yaml", stringify({ name: "P", runtime: "nodejs" }));
    const engine = await ensureEngine(silent);
    const script = join(import.meta.dirname, "throw-away-for-tests.ts");
    const child = execa(process.execPath, [script, folder, signal ? "wait" : "exit"], {
      reject: false,
      env: {
        TMPDIR: temporary,
        PATH: [dirname(engine.path), process.env.PATH].join(delimiter),
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
    await once(child.stdout, "data");
    expect(await readdir(temporary)).toEqual([expect.stringMatching(/^megatests-/)]);
    const engines = await childrenOf(child.pid);
    expect(engines).not.toEqual([]);
    if (signal) child.kill(signal);
    expect(await child).toMatchObject(end);
    expect(await readdir(temporary)).toEqual([]);
    await expect.poll(() => engines.filter(isThere), { timeout: 5000 }).toEqual([]);
  },
);
