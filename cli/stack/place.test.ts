import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askEngine, selectedStack } from "./place.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "place-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Put together here, so that the scan of this file finds nothing. */
const BACKEND = ["postgres://me", "s3cr3t@db/states"].join(":");

/** Asks an engine that is this shell script. */
async function ask(script: string, input?: string, patience?: number): Promise<string> {
  const pulumi = join(folder, "pulumi");
  await writeFile(pulumi, `#!/bin/sh\n${script}\n`);
  await chmod(pulumi, 0o755);
  const env = { PATH: `${folder}:/usr/bin:/bin`, PULUMI_BACKEND_URL: BACKEND };
  return askEngine({ folder, stack: "dev", env, patience }, ["stack", "import"], input);
}

test("names the stack, asks nothing back, and hands a document over by standard input", async () => {
  expect(await ask('echo "$@"; cat', "the state")).toBe(
    "stack import --stack dev --non-interactive --color never\nthe state",
  );
});

test("a refusal is in the engine's own words", async () => {
  await expect(ask("echo warning: hm >&2; echo error: no stack named dev found >&2; exit 6")).rejects.toThrow(
    new Error(`The engine refuses.
  ran:     pulumi stack import
  got:     warning: hm
no stack named dev found
  mend:    put right what it names, then run the same command again`),
  );
});

test("a locked stack is told what to do about it", async () => {
  await expect(ask("echo error: the stack is currently locked by 1 lock >&2; exit 1")).rejects.toThrow(
    new Error(`The engine refuses.
  ran:     pulumi stack import
  got:     the stack is currently locked by 1 lock
  mend:    wait for that deployment; if nobody deploys any more: npm run --silent megatests -- recover --nobody-deploys`),
  );
});

test("an engine that does not answer is not waited for, and its backend is named without its password", async () => {
  await expect(ask("exec sleep 30", "", 200)).rejects.toThrow(
    new Error(`The engine does not answer.
  ran:     pulumi stack import
  got:     nothing for 0.2 seconds
  mend:    look whether the state's backend can be reached: postgres://db/states`),
  );
});

test("knows the selected stack by what the engine says of a note that was cut off", async () => {
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const says = async (words: string) => {
    await writeFile(join(folder, "pulumi"), `#!/bin/sh\necho '${words}' >&2; exit 255\n`);
    await chmod(join(folder, "pulumi"), 0o755);
    return selectedStack({ folder, env });
  };
  expect(
    await says(
      'error: failed to load checkpoint: blob (key ".pulumi/stacks/AWSMegatests/lab.json") (code=Unknown): unexpected EOF',
    ),
  ).toBe("lab");
  await expect(says("error: failed to load checkpoint: EOF")).rejects.toThrow(
    new Error(`The selected stack's state cannot be read: the note beside it was cut off.
  ran:     pulumi stack --show-name
  mend:    npm run --silent megatests -- recover --stack NAME`),
  );
  await expect(says("error: no stack selected")).rejects.toThrow("no stack selected");
});

test("without an engine, says what to install", async () => {
  const place = { folder, stack: "dev", env: { PATH: dirname(folder) } };
  await expect(askEngine(place, ["whoami"])).rejects.toThrow(
    new Error(`Pulumi's engine is not on PATH.
  ran:     pulumi whoami
  mend:    curl -fsSL https://get.pulumi.com | sh`),
  );
});
