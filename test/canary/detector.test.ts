import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { watchArgv } from "./argv.ts";
import { findSecrets } from "./detector.ts";
import { searchFolder } from "./files.ts";

const value = `Nf+core/<a&b>"Y2FuYXJ5LWNhbmFyeQ"\\x/=`;
const secrets = { planted: value };
const json = JSON.stringify(value);

it.each([
  ["clear", `before ${value} after`],
  ["clear", value],
  ["beginning", `cut: ${value.slice(0, 17)}…`],
  ["end", `masked: ****${value.slice(-17)}`],
  ["JSON", `{"secretKey":${json}}`],
  ["JSON within JSON", JSON.stringify({ environment: `{"secretKey":${json}}` })],
  ["Go's JSON", json.replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e")],
  ["URL", `https://example.org/?key=${encodeURIComponent(value)}`],
  ["URL in small letters", encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())],
  ["hexadecimal", Buffer.from(value).toString("hex")],
  ...["", "a", "ab", "abc"].map((before) => [
    `base64, ${before.length % 3} bytes on`,
    Buffer.from(`${before}${value} and more`).toString("base64"),
  ]),
  ["base64url, 1 bytes on", Buffer.from(`?${value}?`).toString("base64url")],
])("sees a secret by its form: %s", (form, text) => {
  expect(findSecrets(text, secrets)).toEqual([
    { secret: "planted", forms: expect.arrayContaining([form]) as unknown },
  ]);
});

it("sees nothing where there is nothing, and wants a secret that is one", () => {
  expect(findSecrets("An ordinary line, with Nf+core in it", secrets)).toEqual([]);
  expect(() => findSecrets("", { short: "hush" })).toThrow(
    new Error("A secret of 4 characters is no canary"),
  );
});

it("sees a file with a secret, deep down, and who may read it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "canary-"));
  try {
    await writeFile(join(folder, "one"), `\0\xff${value}\0`, { encoding: "latin1", mode: 0o640 });
    await writeFile(join(folder, "other"), "harmless");
    expect(await searchFolder(folder, secrets)).toEqual([
      { file: "one", mode: "640", secret: "planted", forms: expect.arrayContaining(["clear"]) as unknown },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("sees the arguments of a process that lives for a moment", async () => {
  const watch = await watchArgv();
  await execa(process.execPath, ["-e", "setTimeout(() => {}, 200)", value]);
  expect(findSecrets((await watch.end()).join("\n"), secrets)).toEqual([
    { secret: "planted", forms: expect.arrayContaining(["clear"]) as unknown },
  ]);
});
