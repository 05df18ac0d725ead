import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../sandbox/tw/testing/temporary-folder.ts";

const files = temporaryFolder();
const SECRET = "wJalr/XUtnFEMI+K7MDENG";

/** Prints by every way a command has, in a process of its own. */
async function printing(program: string, env: Record<string, string> = {}) {
  const net = JSON.stringify(join(import.meta.dirname, "index.ts"));
  const script = `import { hide, hideSecretsInOutput } from ${net}; hideSecretsInOutput(); ${program}`;
  return execa(process.execPath, ["--input-type=module", "-e", script], { env, reject: false });
}

it("hides what the environment holds in whatever is printed, in pieces and as bytes too", async () => {
  const { stdout, stderr, exitCode } = await printing(
    `const secret = process.env.AWS_SECRET_ACCESS_KEY;
     console.log("logged", secret);
     process.stdout.write(secret.slice(0, 7)); process.stdout.write(Buffer.from(secret.slice(7) + "\\n"));
     console.error(Buffer.from(secret).toString("base64"), encodeURIComponent(secret), JSON.stringify({ secret }));
     process.stderr.write("é".repeat(2) + secret, "utf8", () => process.stderr.write(" told"));`,
    { AWS_SECRET_ACCESS_KEY: SECRET },
  );
  expect(stdout).toBe("logged [secret]\n[secret]");
  expect(stderr).toBe('[secret] [secret] {"secret":"[secret]"}\néé[secret] told');
  expect(exitCode).toBe(0);
});

it("hides what is learnt on the way, and what a file of a passphrase says", async () => {
  const { stdout } = await printing(
    `process.stdout.write("later-"); hide("later-learnt", undefined, "");
     console.log("learnt later-learnt correct horse battery");`,
    { PULUMI_CONFIG_PASSPHRASE_FILE: files.file("passphrase", "correct horse battery\n") },
  );
  expect(stdout).toBe("later-learnt [secret] [secret]");
});

it("prints an error that nobody has caught without a stack, and without a secret", async () => {
  const { stderr, exitCode } = await printing(
    `setTimeout(() => { throw new Error("refused: " + process.env.GITHUB_TOKEN); });`,
    { GITHUB_TOKEN: SECRET },
  );
  expect([stderr, exitCode]).toEqual(["error: refused: [secret]", 1]);
});

it("keeps characters whole that are cut in two, and passes on a last word that looked like a beginning", async () => {
  const { stdout } = await printing(
    `const bytes = Buffer.from("é"); process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1));
     process.stdout.write(" wJal");`,
    { TOWER_ACCESS_TOKEN: SECRET },
  );
  expect(stdout).toBe("é wJal");
});

it("leaves commands readable where a passphrase is a short word", async () => {
  const { stdout } = await printing(`console.log("npm run --silent megatests; passphrase:", "test");`, {
    PULUMI_CONFIG_PASSPHRASE: "test",
  });
  expect(stdout).toBe("npm run --silent megatests; passphrase: [secret]");
});
