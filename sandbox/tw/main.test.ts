import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { installStandInTw } from "./install.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { tw } from "./testing/tw.ts";

const { folder } = temporaryFolder();

describe("as a program", () => {
  test.each([
    [[], 255, "Usage: tw [OPTIONS] [COMMAND]"],
    [["credentials"], 1, "Usage: tw credentials [OPTIONS] [COMMAND]"],
    [["credentials", "add"], 1, "\nERROR: Missing Required Subcommand\n"],
    [
      ["credentials", "add", "aws"],
      2,
      "Missing required option: '--name=<name>'\n\nUsage: tw credentials add aws",
    ],
  ])("tw %j exits with %i", async (args, exitCode, text) => {
    const run = await execa(await installStandInTw(folder), args, { reject: false });
    expect([run.exitCode, run.stdout]).toEqual([exitCode, ""]);
    expect(run.stderr).toContain(text);
  });

  test("-V and -h answer on stdout", async () => {
    expect(await tw(["-V"])).toEqual({
      exitCode: 0,
      stdout: "Tower CLI version 0.38.0 (build stand-in)\n",
      stderr: "",
    });
    expect((await tw(["ce", "primary", "set", "-h"])).stdout).toContain(
      "Usage: tw compute-envs primary set [OPTIONS]",
    );
  });
});
