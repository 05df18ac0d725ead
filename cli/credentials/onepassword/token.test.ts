import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hiddenForms } from "../../redaction/known.ts";
import { refuseStrays } from "./strays.ts";
import { readGivenToken } from "./token.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "token-"));
  file = join(folder, "my token");
  await writeFile(file, "from-the-file\n", { mode: 0o600 });
  vi.stubEnv("MY_TOKEN", "from-the-environment\n");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("comes from the place that is named, and from no other", async () => {
  vi.stubEnv("OP_SERVICE_ACCOUNT_TOKEN", "nobody has named it");
  expect(await readGivenToken({})).toBeUndefined();
  expect(await readGivenToken({ tokenFile: file })).toBe("from-the-file");
  expect(await readGivenToken({ tokenEnv: "MY_TOKEN" })).toBe("from-the-environment");
  const hidden = hiddenForms().map(({ text }) => text);
  expect(hidden).toEqual(expect.arrayContaining(["from-the-file", "from-the-environment"]));
});

test.each<[string, number, string]>([
  ["group", 0o640, "640"],
  ["others", 0o604, "604"],
])("a file that %s may read is refused", async (_who, mode, shown) => {
  await chmod(file, mode);
  await expect(readGivenToken({ tokenFile: file })).rejects.toMatchObject({
    exitCode: 2,
    message: `--token-file cannot be used.
  got:     ${file} with mode ${shown}
  allowed: a file with a token, which only its owner may read; or - for standard input
  mend:    chmod 600 '${file}'`,
  });
});

test("what is not there, and two places at once, are refused", async () => {
  const missing = join(folder, "missing");
  await expect(readGivenToken({ tokenFile: missing })).rejects.toMatchObject({
    message: `--token-file cannot be used.
  got:     ENOENT: no such file or directory, stat '${missing}'
  allowed: a file with a token, which only its owner may read; or - for standard input
  mend:    name another file`,
  });
  await expect(readGivenToken({ tokenEnv: "NOT_SET" })).rejects.toMatchObject({
    message: `--token-env cannot be used.
  got:     NOT_SET, which is not set
  allowed: the name of an environment variable with a token
  mend:    export NOT_SET, or take another`,
  });
  await expect(readGivenToken({ tokenFile: file, tokenEnv: "MY_TOKEN" })).rejects.toMatchObject({
    message: `--token-file and --token-env cannot be used.
  got:     both
  allowed: one of them
  mend:    leave one out`,
  });
});

test("variables of another way to 1Password are named before anything is asked of it", () => {
  const env = { OP_ACCOUNT: "hush", OP_CONNECT_TOKEN: "hush", OP_SERVICE_ACCOUNT_TOKEN: "hush" };
  expect(() => refuseStrays("service-account", env)).toThrow(
    new Error(`Environment variables of another way to 1Password are set.
  got:     OP_ACCOUNT (environment variable), OP_CONNECT_TOKEN (environment variable)
  allowed: neither of them: the provider would take them in, and refuse both ways together
  mend:    unset OP_ACCOUNT; unset OP_CONNECT_TOKEN`),
  );
  expect(() => refuseStrays("connect", { OP_CONNECT_TOKEN: "hush" })).not.toThrow();
});
