import { describe, expect, test } from "vitest";
import { PROGRAM } from "../program.ts";
import { parse } from "./parse.ts";

const parsed = (line: string, env: NodeJS.ProcessEnv = {}) => parse(PROGRAM, line.split(" "), env);
const FORGE = "compute-envs add aws-batch forge -n ce --work-dir s3://b -r eu-west-1 --max-cpus 8";

test.each([
  ["credentials add aws --name n", "n"],
  ["credentials add aws --name=n=1", "n=1"],
  ["credentials add aws -n n", "n"],
  ["credentials add aws -nn", "n"],
  ["credentials add aws -n=n", "n"],
])("%s", (line, name) => {
  expect(parsed(line).values.text("name")).toBe(name);
});

test("flags: alone, with a value, and clustered", () => {
  expect(parsed(`${FORGE} --wave --gpu=false`).values.flag("wave")).toBe(true);
  expect(parsed(`${FORGE} --gpu=false`).values.flag("gpu")).toBe(false);
  const { globals } = parsed("-vt secret info");
  expect([globals.flag("verbose"), globals.text("access-token")]).toEqual([true, "secret"]);
});

test("lists are cut at commas and add up", () => {
  const { values } = parsed(`${FORGE} --instance-types c6id,m6id --instance-types r6id`);
  expect(values.list("instance-types")).toEqual(["c6id", "m6id", "r6id"]);
});

test("an option goes before its variable, also an empty one", () => {
  const env = { TOWER_WORKSPACE_ID: "", TOWER_ACCESS_TOKEN: "a" };
  expect(parsed("credentials list -w 222", env).values.text("workspace")).toBe("222");
  expect(parsed("credentials list", env).values.text("workspace")).toBe("");
  expect(parsed("-t b credentials list", env).globals.text("access-token")).toBe("b");
});

test("a parameter may stand before and after options, or after --", () => {
  for (const line of ["ce import f.json -n x", "ce import -n x f.json", "ce import -n x -- f.json"]) {
    expect(parsed(line).values.parameters).toEqual(["f.json"]);
  }
});

test("after -- nothing is an option", () => {
  expect(parsed("ce import -n x -- -f.json").values.parameters).toEqual(["-f.json"]);
});

test("help asks for nothing else", () => {
  expect(parsed("credentials add aws -h").asks).toBe("help");
  expect(parsed("-V").asks).toBe("version");
});

describe("what does not fit is refused in picocli's words", () => {
  test.each([
    ["credentials add aws", "Missing required option: '--name=<name>'"],
    [
      "ce add aws-batch forge -n x",
      "Missing required options: '--work-dir=<workDir>', '--region=<region>', '--max-cpus=<maxCpus>'",
    ],
    ["ce import -n x", "Missing required parameter: 'FILENAME'"],
    ["ce import", "Missing required options and parameters: '--name=<name>', 'FILENAME'"],
    ["credentials add aws -n", "Missing required parameter for option '--name' (<name>)"],
    ["credentials add aws -n --mode keys", "Expected parameter for option '--name' but found '--mode'"],
    ["credentials add aws -n a -n b", "option '--name' (<name>) should be specified only once"],
    [
      "credentials delete",
      "Error: Missing required argument (specify one of these): (-i=<credentialsId> | -n=<credentialsName>)",
    ],
    [
      "credentials delete -i a -n b",
      "Error: -i=<credentialsId>, -n=<credentialsName> are mutually exclusive (specify only one)",
    ],
    [
      `${FORGE} --wait DONE`,
      "Invalid value for option '--wait' (<wait>): expected one of [CREATING, AVAILABLE, DISABLED, DELETING, ERRORED, INVALID, DELETED] (case-sensitive) but was 'DONE'",
    ],
    [`${FORGE} --min-cpus few`, "Invalid value for option '--min-cpus' (<minCpus>): 'few' is not an int"],
    [`${FORGE} --wave=perhaps`, "Invalid value for option '--wave' (<wave>): 'perhaps' is not a boolean"],
    [
      "-o xml info",
      "Invalid value for option '--output' (<output>): expected one of [console, json] (case-sensitive) but was 'xml'",
    ],
    ["credentials list --nope", "Unknown option: '--nope'"],
    ["credentials list -o json", "Unknown options: '-o', 'json'"],
    ["nope", "Unmatched argument at index 0: 'nope'"],
    ["credentials list a b", "Unmatched arguments from index 2: 'a', 'b'"],
  ])("%s", (line, message) => {
    expect(() => parsed(line)).toThrow(expect.objectContaining({ message }));
  });
});
