import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { redactor } from "./redact.ts";
import { makeTools } from "./tools.ts";

const address = {
  endpoint: "http://127.0.0.1:1/api",
  organization: "lab",
  workspace: "runs",
  callSeconds: 1,
};
const PATH = process.env["PATH"];
let folder: string;
const tools = () => makeTools(address, "t0ken", redactor(["t0ken"]));
/** A program of that name, first on PATH; what it is called with is noted down. */
function program(name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" >> ${folder}/calls\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tools-"));
  process.env["PATH"] = `${folder}:${PATH}`;
});
afterEach(() => void (process.env["PATH"] = PATH));

describe("the tools", () => {
  it("get address, workspace and token by environment, and no AWS key", async () => {
    process.env["AWS_SECRET_ACCESS_KEY"] = "s3cr3t";
    program(
      "tw",
      'echo "$TOWER_API_ENDPOINT $TOWER_WORKSPACE_ID ${#TOWER_ACCESS_TOKEN} [$AWS_SECRET_ACCESS_KEY]"',
    );
    const said = await tools().tw(["info"]);
    delete process.env["AWS_SECRET_ACCESS_KEY"];
    expect(said).toBe("http://127.0.0.1:1/api lab/runs 5 []");
    expect(calls()).toEqual(["--insecure info"]);
  });

  it("are let go over http on loopback only because they are told so", async () => {
    program("tw", "true");
    await makeTools({ ...address, endpoint: "https://api.example.org" }, "t", String).tw(["info"]);
    expect(calls()).toEqual(["info"]);
  });

  it("fail with what they said, without secrets", async () => {
    program("tw", 'echo " ERROR: Unauthorized $TOWER_ACCESS_TOKEN" >&2; exit 1');
    await expect(tools().tw(["credentials", "list"])).rejects.toThrow(
      new Error(`tw failed with exit code 1.
  ran:     tw --insecure credentials list
  got:     ERROR: Unauthorized [secret]
  mend:    pulumi up`),
    );
    expect(calls()).toHaveLength(1);
  });

  it("are tried again when the Platform asks for patience", async () => {
    program(
      "tw",
      `[ $(wc -l < ${folder}/calls) -gt 1 ] || { echo "ERROR: Rate limit of 20 calls per second exceeded" >&2; exit 1; }`,
    );
    await tools().tw(["info"]);
    expect(calls()).toHaveLength(2);
  });

  it.each([
    ["Connection error. Check the connection using the command 'tw info'.", 3],
    ["Oops... Unable to process request - Error ID: 4NnK", 3],
    ["<html><head><title>502 Bad Gateway</title></head></html>", 3],
    ["Compute environment 'cpu' already exists", 1],
    ["null", 1],
  ])(
    "are tried again a few times while the Platform is not well, not when it refuses: %s",
    async (said, times) => {
      program("tw", `echo " ERROR: $(cat <<'END'\n${said}\nEND\n)" >&2; exit 1`);
      await expect(tools().tw(["compute-envs", "delete", "-i", "e1"])).rejects.toThrow(said);
      expect(calls()).toHaveLength(times);
    },
  );

  it("are not waited for for ever", async () => {
    program("tw", "exec sleep 60");
    await expect(tools().tw(["info"])).rejects.toThrow(
      new Error(`tw gave no answer within 4 seconds.
  ran:     tw --insecure info
  got:     no output
  mend:    pulumi up`),
    );
  });

  it("are named when they are missing", async () => {
    process.env["PATH"] = folder;
    await expect(tools().seqerakit(folder, "x.yml", {})).rejects.toThrow(
      new Error(`seqerakit is not on PATH.
  allowed: tw 0.38 and seqerakit 0.5.7
  mend:    pip install seqerakit==0.5.7`),
    );
  });
});
