/** What a change of a compute environment's files or settings does, row by row as its document says. */
import * as commandPackage from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { RecordingMocks, useMocks, valueOf } from "../test/mocks.ts";
import { SEQERA_ARGS, seqeraStates } from "../test/seqera-args.ts";
import { type SeqeraArgs, SeqeraPlatform } from "./index.ts";

const rows = readFileSync("seqerakit/compute-envs/README.md", "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, change, effect]) => change && /^(nothing|in place|replaced)$/.test(effect ?? ""))
  .map(([, change = "", effect = ""]) => ({ change, effect }));

/** By the row's first column: how the files or the settings become others. */
const CHANGES: Record<string, (folder: string) => Partial<SeqeraArgs>[]> = {
  "the order of keys, blanks or line breaks in the JSON or the yml": (folder) => {
    const config = JSON.parse(readFileSync(join(folder, "cpu.json"), "utf8")) as object;
    const reversed = Object.fromEntries(Object.entries(config).toReversed());
    writeFileSync(join(folder, "cpu.json"), JSON.stringify(reversed));
    edit(folder, "cpu.yml", /^( +)- (name: .*)\n([^]*)$/m, "$1-   on_exists:   ignore\n$1    $2\n$3");
    edit(folder, "cpu.yml", /\n {4}on_exists: ignore/, "");
    edit(folder, "cpu.yml", /^ {4}(?! )/gm, "      ");
    return [{}];
  },
  "`description`": (folder) => add(folder, "description: For all of us"),
  "`name`": (folder) => edit(folder, "cpu.yml", /name: \S+/, "name: another"),
  "`primary: true`": (folder) => add(folder, "primary: true"),
  "`labels`": (folder) => add(folder, "labels: team=core"),
  "a value in the JSON": (folder) => edit(folder, "cpu.json", '"maxCpus": 1000', '"maxCpus": 1001'),
  "`cpu-nextflow.config`": (folder) => edit(folder, "cpu-nextflow.config", "= 5", "= 6"),
  "`credentialsName`, `workspace`, `organization`, `platformEndpoint`": () =>
    ["credentialsName", "workspace", "organization", "platformEndpoint"].map((each) => ({ [each]: "other" })),
  "`credentialMode`, with a role also `roleName`": () =>
    ["SeqeraPlatform", "Other"].map((roleName) => ({ roleName, roleArn: `arn:aws:iam::1:role/${roleName}` })),
  "`callSeconds`, `computeEnvironmentSeconds`, `pollMilliseconds`": () =>
    ["callSeconds", "computeEnvironmentSeconds", "pollMilliseconds"].map((each) => ({ [each]: 7 })),
};

function edit(folder: string, file: string, found: RegExp | string, by: string): [object] {
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  writeFileSync(path, before.replace(found, by));
  expect(readFileSync(path, "utf8")).not.toBe(before);
  return [{}];
}
const add = (folder: string, line: string) => edit(folder, "cpu.yml", /\s*$/, `\n    ${line}\n`);

let mocks: RecordingMocks;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "changes-"));
  cpSync("seqerakit/compute-envs", folder, { recursive: true });
  mocks = new RecordingMocks(seqeraStates);
  await useMocks(mocks);
});

/** What the engine is told of the compute environment. */
async function inputs(changes: Partial<SeqeraArgs>) {
  mocks.registered.length = 0;
  const made = new SeqeraPlatform(
    "seqera",
    { ...SEQERA_ARGS, computeEnvironments: [join(folder, "cpu.yml")], ...changes },
    { accessKeyId: "AKIA1", secretAccessKey: pulumi.secret("s3cr3t") },
    { token: pulumi.secret("t0ken"), workspaceId: pulumi.secret("42") },
    { provider: new commandPackage.Provider("command") },
  );
  await valueOf(pulumi.output(made.computeEnvironmentIds));
  const { triggers, ...others } = mocks.registered.find(({ name }) => name === "seqera-cpu")!.inputs;
  return { triggers, others };
}

describe("a change of", () => {
  it("every row of the document is one that is tried here, and the other way round", () => {
    expect(rows.map(({ change }) => change)).toEqual(Object.keys(CHANGES));
  });

  it.each(rows)("$change: $effect", async ({ change, effect }) => {
    const before = await inputs({});
    for (const changed of CHANGES[change]!(folder)) {
      const after = await inputs(changed);
      const differs = (part: "triggers" | "others") =>
        JSON.stringify(after[part]) !== JSON.stringify(before[part]);
      expect(differs("triggers")).toBe(effect === "replaced");
      if (effect !== "replaced") expect(differs("others")).toBe(effect === "in place");
    }
  });
});
