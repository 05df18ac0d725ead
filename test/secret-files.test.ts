/** Secrets stay out of the repository: files that hold them are ignored, and what is committed is scanned. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { temporaryFolder } from "../sandbox/tw/testing/temporary-folder.ts";

const { folder } = temporaryFolder();
const ROOT = join(import.meta.dirname, "..");
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
/** Made here, so that the scan of this file finds nothing. */
const FOUND = {
  "a GitHub token": `ghp_${randomBytes(18).toString("hex")}`,
  "an AWS key": `aws_secret_access_key = ${randomBytes(30).toString("base64")}`,
  "a Seqera Platform token": Buffer.from(`{"tid": 1}${randomBytes(30).toString("hex")}`).toString("base64"),
  "a Pulumi access token": `pul-${randomBytes(20).toString("hex")}`,
  "a private key": privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
};

it.each([".env", ".env.local", "a/b.pem", "tls.key", "keys/id_ed25519", ".aws/credentials", "passphrase"])(
  "git takes no %s",
  async (path) => {
    await execa("git", ["init", "--quiet"], { cwd: folder });
    copyFileSync(join(ROOT, ".gitignore"), join(folder, ".gitignore"));
    const { stdout } = await execa("git", ["check-ignore", path, "index.ts", ".env.example"], {
      cwd: folder,
    });
    expect(stdout).toBe(path);
  },
);

it.each(Object.entries(FOUND))("npm run check stops at %s", async (_, text) => {
  const file = join(folder, ".hidden", "notes.txt");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const config = join(ROOT, ".secretlintrc.json");
  const scan = [join(ROOT, "node_modules/.bin/secretlint"), "--secretlintrc", config, "**/*"];
  const { exitCode, stdout, stderr } = await execa(process.execPath, scan, { cwd: folder, reject: false });
  expect([exitCode, stderr]).toEqual([1, ""]);
  expect(stdout).toContain(".hidden/notes.txt");
  expect(stdout).not.toContain(text);
});
