import { existsSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { reportOf } from "../cli/doctor/report.ts";
import { beginCheckup } from "../cli/doctor/rows.ts";
import { surroundingsHere } from "../cli/doctor/surroundings.ts";
import { asserts } from "./asserted-rows.ts";
import { withTables } from "./documents.ts";
import { deployerDocument } from "./policies/deployer-document.ts";
import { permissionsDocument } from "./policies/document.ts";

const read = (path: string) => readFileSync(path, "utf8");
const manifest = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

it("docs/permissions.md says what the policies are", () => {
  expect(read("docs/permissions.md")).toBe(permissionsDocument());
});

it("docs/deployer.md says what the deployer's policy is", () => {
  expect(read("docs/deployer.md")).toBe(deployerDocument());
});

describe("CREDENTIALS.md", () => {
  it("has the policies and the settings as they stand in the code", () => {
    expect(read("CREDENTIALS.md")).toBe(withTables(read("CREDENTIALS.md")));
  });

  it("quotes errors that the code can give", () => {
    const quoted = [
      ["There is no such vault", "secrets/onepassword.ts"],
      ["The vault has no such item", "secrets/onepassword.ts"],
      ["(environment variable)", "config.ts"],
      ["AWS refuses the infrastructure credentials", "towerforge/existing.ts"],
      ["The access key stays: Seqera Platform would be left with a dead one", "seqerakit/apply/release.ts"],
      ["is not on PATH", "seqerakit/apply/tools.ts"],
    ] as const;
    for (const [text, file] of quoted) {
      expect(read("CREDENTIALS.md")).toContain(text);
      expect(read(file), file).toContain(text);
    }
  });
});

describe("CREDENTIALS.md's troubleshooting", () => {
  const [, table = ""] = read("CREDENTIALS.md").split("## Troubleshooting");
  const troubles = (table.split("\n## ")[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (what you see|---)/.test(line))
    .map((line) => line.split(" | "))
    // `row, row: "text"; row: "text"`
    .flatMap(([seen = "", rows = ""]) =>
      [...rows.matchAll(/([^:;]+): `([^`]+)`/g)].flatMap(([, names = "", text = ""]) =>
        names.split(",").map((name) => [seen.slice(2), name.trim(), text] as const),
      ),
    );
  // Doctor's tests assert each row's whole text.
  const tests = readdirSync("cli/doctor")
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => read(`cli/doctor/${file}`));

  let names: string[];
  beforeAll(async () => {
    // Without a project every check ends at once; the rows are the same.
    const checkup = beginCheckup({ ...surroundingsHere(), folder: "/nowhere", path: "" }, () => []);
    names = checkup.rows.map(({ name }) => name);
    await reportOf(checkup);
  });

  it("names rows of the doctor, all troubles one by one", () => {
    expect(new Set(names).size).toBe(names.length);
    const lines = table.split("\n## ")[0]?.match(/^\| /gm) ?? [];
    expect(new Set(troubles.map(([seen]) => seen)).size).toBe(lines.length - 2);
    for (const [seen, row] of troubles) expect(names, `${seen}: the doctor has no row ${row}`).toContain(row);
  });

  it.each(troubles)("%s: the row %s says %s", (_seen, row, text) => {
    const parts = text.split("…").map((part) => escaped(part.trim()));
    const said = new RegExp(parts.join("[^\\n]*"), "g");
    expect(tests.some((test) => asserts(test, names, row, said))).toBe(true);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

describe.each(["README.md", "CREDENTIALS.md", "CONTRIBUTING.md", "sandbox/README.md"])("%s", (document) => {
  const text = read(document);

  it("names files that are there", () => {
    const folder = document.includes("/") ? "sandbox/" : "";
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => `${folder}${path}`);
    const named = [...text.matchAll(/`([\w-]+(?:\/[\w.-]+)*\/?(?:\.ts|\/))`/g)].map(([, path]) => path!);
    for (const path of [...links, ...named])
      expect(existsSync(path) || existsSync(`${folder}${path}`), path).toBe(true);
  });

  it("names scripts that package.json has", () => {
    for (const [, script] of text.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g))
      expect(manifest.scripts, script).toHaveProperty([script!]);
  });
});
