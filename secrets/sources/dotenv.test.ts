import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, expect, it, vi } from "vitest";
import { Fault } from "../../fault.ts";
import { openSource } from "./index.ts";

let folder: string;
let path: string;
const git = (...args: string[]) => execa("git", args, { cwd: folder });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "megatests-dotenv-"));
  path = join(folder, ".env");
  await git("init", "--quiet");
  await writeFile(join(folder, ".gitignore"), ".env\n");
  await writeFile(path, "# mine\nAWS_ACCESS_KEY_ID=AKIA1\nexport AWS_SECRET_ACCESS_KEY='se cret' # old\n", {
    mode: 0o600,
  });
  return () => rm(folder, { recursive: true });
});

const load = (file = ".env") =>
  openSource(
    { source: "dotenv", file },
    {
      ...{ env: {}, folder, region: "eu-west-1", callSeconds: 1 },
      onePassword: () => Promise.reject(new Error("not asked for")),
      onePasswordItem: { vault: "", title: "", accessKeyId: "", secretAccessKey: "", sessionToken: "" },
    },
  ).load();

it("reads AWS's variables out of a file that git ignores and nobody else reads", async () => {
  expect(await load()).toEqual({ accessKeyId: "AKIA1", secretAccessKey: "se cret" });
});

it("is not there without the file", async () => {
  expect(await load("other.env")).toBeUndefined();
});

it("refuses a file that others can read", async () => {
  await chmod(path, 0o640);
  await expect(load()).rejects.toThrow(
    new Fault("Others can read the file with the AWS credentials.", {
      got: `${path} has mode 640`,
      allowed: "mode 600: its owner alone",
      mend: `chmod 600 ${path}`,
    }),
  );
});

it("refuses a file that git does not ignore", async () => {
  await rm(join(folder, ".gitignore"));
  await expect(load()).rejects.toThrow(
    new Fault("The file with the AWS credentials is not kept out of git.", {
      got: `git does not ignore ${path}`,
      allowed: "a file that git ignores and does not track, or one in no repository",
      mend: `git -C ${folder} rm --cached --ignore-unmatch ${path}; echo .env >> ${folder}/.gitignore`,
    }),
  );
});

it("refuses a file that git tracks, although it ignores its name", async () => {
  await git("add", "--force", ".env");
  await expect(load()).rejects.toThrow(`git does not ignore ${path}`);
});

it("has a mend that works as it stands, also where the path has blanks", async () => {
  const there = join(folder, "my lab's");
  await mkdir(there);
  const [file, ...refused] = [
    join(there, "the keys.env"),
    /^Others can read/,
    /^The file .* is not kept out of git/,
  ];
  await writeFile(file as string, "AWS_ACCESS_KEY_ID=AKIA1\nAWS_SECRET_ACCESS_KEY=s\n", { mode: 0o640 });
  await git("add", "--all");
  for (const what of refused) {
    const { message } = (await load(file as string).catch((reason: unknown) => reason)) as Error;
    expect(message).toMatch(what);
    await execa(/ {2}mend: {4}(.*)$/m.exec(message)?.[1] ?? "false", { shell: true });
  }
  expect(await load(file as string)).toEqual({ accessKeyId: "AKIA1", secretAccessKey: "s" });
});

it("takes a file outside the clone by its own repository's rules, and in none by its mode alone", async () => {
  const outside = await mkdtemp(join(tmpdir(), "megatests-outside-"));
  const file = join(outside, "keys.env");
  try {
    await writeFile(file, "AWS_ACCESS_KEY_ID=AKIA2\nAWS_SECRET_ACCESS_KEY=s\n", { mode: 0o640 });
    await expect(load(file)).rejects.toThrow(/^Others can read the file/);
    await chmod(file, 0o600);
    expect(await load(file)).toEqual({ accessKeyId: "AKIA2", secretAccessKey: "s" });
    await execa("git", ["init", "--quiet"], { cwd: outside });
    await expect(load(file)).rejects.toThrow(`git does not ignore ${file}`);
  } finally {
    await rm(outside, { recursive: true });
  }
});

it("refuses a file of which git cannot tell", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const reason = await load().catch((refusal: unknown) => refusal);
  vi.unstubAllEnvs();
  expect(reason).toEqual(
    new Fault("The file with the AWS credentials is not kept out of git.", {
      got: "git cannot tell: ENOENT",
      allowed: "a file that git ignores and does not track, or one in no repository",
      mend: `git -C ${folder} check-ignore ${path}, and put right what it says`,
    }),
  );
});

it("names the line that is missing", async () => {
  await writeFile(path, "AWS_ACCESS_KEY_ID=AKIA1\n");
  await expect(load()).rejects.toThrow(
    new Fault("The AWS credentials are not complete: file .env.", {
      got: "AWS_ACCESS_KEY_ID, but no AWS_SECRET_ACCESS_KEY",
      allowed:
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and for a key that begins with ASIA AWS_SESSION_TOKEN",
      mend: `put the missing lines into ${path}`,
    }),
  );
});
