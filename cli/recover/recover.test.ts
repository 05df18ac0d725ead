import { afterEach, expect, test, vi } from "vitest";
import type { Lock } from "../stack/locks.ts";
import { AnswerNeeded } from "../exit-answer.ts";
import { recoverBy, type RecoverOptions } from "./recover.ts";
import type { Engine, Services } from "./surroundings.ts";

const lockOf = (holder: Lock["holder"]): Lock => ({
  ...{ file: "a.json", pid: 7, username: "ann", hostname: "h", timestamp: "2026-05-05T12:00:00Z", holder },
});
const operation = { type: "creating", urn: "urn:pulumi:s::P::aws:iam/accessKey:AccessKey::key" };

/** A stack in memory, with all that a killed engine leaves; what is done to it is recorded. */
class Broken implements Engine, Services {
  readonly done: string[] = [];
  lock: Lock[] | undefined = [lockOf("gone")];
  pending = [operation];
  keys = ["AKIA1", "AKIA2"];
  heldKeys = ["AKIA1"];
  /** What IAM lists no more only later. */
  lingering = 0;

  locks = () => Promise.resolve(this.lock);
  removeLock = async (lock: Lock) => {
    this.done.push("remove the lock");
    this.lock = this.lock?.filter((each) => each !== lock);
  };
  notes: string[] = [];
  cutOff = () => Promise.resolve(this.notes);
  removeNote = async (path: string) => {
    this.done.push(`remove ${path}`);
    this.notes = this.notes.filter((each) => each !== path);
  };
  cancel = async () => void this.done.push("cancel");
  state = async () => {
    if (this.notes.length > 0) throw new Error("failed to load checkpoint: EOF");
    return this.readable();
  };
  readable = () => ({
    ...{
      userNames: ["forge"],
      roleNames: [],
      accessKeys: [{ id: "AKIA1", replaced: false }],
      pending: this.pending,
    },
    ...{ computeEnvironments: [], variableNames: [], policies: [], bucketNames: [] },
  });
  clearPending = async () => {
    this.done.push("clear pending operations");
    this.pending = [];
  };
  holding = async (work: () => Promise<void>) => {
    this.done.push("hold");
    await work();
    this.done.push("let go");
  };
  look = async () => ({
    ...{ byRole: false, userName: "forge", environments: [], variables: [], owner: "lab" },
    keyIds: this.lingering-- > 0 ? ["AKIA1", "AKIA2"] : this.keys,
    held: this.heldKeys.map((accessKeyId) => ({ accessKeyId, by: "tower-aws (c1)", own: true })),
  });
  deleteKey = async (id: string) => {
    this.done.push(`delete ${id}`);
    this.keys = this.keys.filter((each) => each !== id);
  };
}

afterEach(() => void vi.useRealTimers());

const run = (stack: Broken, options: Partial<RecoverOptions> = {}) =>
  recoverBy("dev", stack, async () => stack, { yes: true, ...options });

test("the lock goes first, and a key only while the stack is held", async () => {
  const stack = new Broken();
  const shown: number[] = [];
  const report = await run(stack, { show: (items) => shown.push(items.length) });
  expect(stack.done).toEqual([
    ...["remove the lock", "clear pending operations"],
    ...["hold", "delete AKIA2", "let go"],
  ]);
  expect(report).toMatchObject({ stack: "dev", end: "mended", unlocked: true, left: [] });
  expect([report.found.length, shown]).toEqual([3, [3]]);

  const again = await run(stack);
  expect(again).toEqual({ stack: "dev", end: "healthy", unlocked: true, found: [], left: [] });
  expect(stack.done).toHaveLength(5);
});

test("a note that is cut off goes before the state is read", async () => {
  const stack = new Broken();
  stack.notes = ["stacks/P/dev.json.attrs"];
  const shown: string[][] = [];
  const report = await run(stack, { show: (items) => shown.push(items.map(({ found }) => found)) });
  expect(stack.done[0]).toBe("remove stacks/P/dev.json.attrs");
  const note = "dev.json.attrs: cut off while it was written, so that the state cannot be read";
  expect(shown[0]).toEqual([note]);
  expect(report).toMatchObject({ end: "mended", left: [] });
  expect(report.found.map(({ found }) => found)).toContain(note);
});

test("a note that is cut off is mended alone, and only once somebody agrees", async () => {
  const stack = new Broken();
  Object.assign(stack, { lock: [], pending: [], keys: ["AKIA1"], notes: ["dev.json.attrs"] });
  expect(await run(stack, { yes: false, ask: async () => false })).toMatchObject({ end: "declined" });
  expect(stack.done).toEqual([]);
  expect(await run(stack)).toMatchObject({ end: "mended" });
  expect(stack.done).toEqual(["remove dev.json.attrs"]);
});

test("while a deployment runs nothing is asked of the services, whatever was typed", async () => {
  const stack = new Broken();
  stack.lock = [lockOf("gone"), lockOf("running")];
  const asked = recoverBy("dev", stack, () => Promise.reject(new Error("asked")), {
    yes: true,
    nobodyDeploys: true,
  });
  await expect(asked).rejects.toThrow("The stack is being deployed, so nothing is changed.");
  expect(stack.done).toEqual([]);
});

test.each<[string, Lock[] | undefined, Partial<RecoverOptions>, string]>([
  [
    "there is nobody to ask",
    [],
    { yes: false },
    `Nothing is changed, for nobody has agreed to it.
  got:     no --yes, and no terminal to ask at
  allowed: --yes
  mend:    npm run --silent megatests -- recover --stack dev --yes`,
  ],
  [
    "another machine's lock",
    [lockOf("elsewhere")],
    {},
    `Nothing is changed, for nobody has agreed to it.
  got:     no word that nobody deploys this stack, which cannot be seen from here
  allowed: --yes --nobody-deploys, once you have made sure of it
  mend:    npm run --silent megatests -- recover --stack dev --yes --nobody-deploys`,
  ],
  [
    "locks that cannot be seen",
    undefined,
    {},
    `Nothing is changed, for nobody has agreed to it.
  got:     no word that nobody deploys this stack, which cannot be seen from here
  allowed: --yes --nobody-deploys, once you have made sure of it
  mend:    npm run --silent megatests -- recover --stack dev --yes --nobody-deploys`,
  ],
  [
    "the word without a yes",
    undefined,
    { yes: false, nobodyDeploys: true },
    `Nothing is changed, for nobody has agreed to it.
  got:     no --yes, and no terminal to ask at
  allowed: --yes --nobody-deploys
  mend:    npm run --silent megatests -- recover --stack dev --yes --nobody-deploys`,
  ],
])("without an answer nothing is done: %s", async (_what, locks, options, text) => {
  const stack = new Broken();
  stack.lock = locks;
  const refused = await run(stack, options).catch((reason: unknown) => reason);
  expect(refused).toBeInstanceOf(AnswerNeeded);
  expect(refused).toMatchObject({ message: text, exitCode: 2 });
  expect(stack.done).toEqual([]);
});

test.each<[Lock[] | undefined, boolean, string]>([
  [[lockOf("gone")], false, "Do it?"],
  [[lockOf("elsewhere")], false, "Does nobody deploy this stack now, anywhere, and is it to be done?"],
  [[lockOf("elsewhere")], true, "Do it?"],
  [undefined, false, "Does nobody deploy this stack now, anywhere, and is it to be done?"],
])("asks, and takes a no: %j", async (locks, nobodyDeploys, question) => {
  const stack = new Broken();
  stack.lock = locks;
  const asked: string[] = [];
  const ask = async (text: string) => asked.push(text) < 0;
  expect(await run(stack, { yes: false, nobodyDeploys, ask })).toMatchObject({ end: "declined" });
  expect([asked, stack.done]).toEqual([[question], []]);
});

test("a lock that cannot be seen is cancelled by the operator's word", async () => {
  const stack = new Broken();
  Object.assign(stack, { lock: undefined, pending: [], keys: ["AKIA1"] });
  const report = await run(stack, { nobodyDeploys: true });
  expect(stack.done).toEqual(["cancel"]);
  expect(report).toMatchObject({ end: "mended", unlocked: false, left: [] });
});

test("a key that came into use while the operator was thinking stays", async () => {
  const stack = new Broken();
  const ask = async () => stack.heldKeys.push("AKIA2") > 0;
  const { end, left } = await run(stack, { yes: false, ask });
  expect(stack.done).not.toContain("delete AKIA2");
  expect([end, left.map(({ by }) => by)]).toEqual(["mended", ["pulumi up"]]);
});

test("looks again until what was deleted is listed no more", async () => {
  vi.useFakeTimers();
  const stack = new Broken();
  stack.lingering = 6;
  const ended = run(stack);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await ended).toMatchObject({ end: "mended", left: [] });
});

test("what was done and has mended nothing is an error", async () => {
  vi.useFakeTimers();
  const stack = new Broken();
  stack.removeLock = async () => {};
  stack.deleteKey = async () => {};
  const ended = run(stack).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await ended).toBe(`Not everything is recovered.
  got:     a lock of process 7 of ann@h, since 2026-05-05T12:00:00Z; access key AKIA2: not in the state, and in no credentials on Seqera Platform
  allowed: none of it
  mend:    npm run --silent megatests -- recover`);
});
