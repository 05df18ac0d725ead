import { expect, it, vi } from "vitest";
import { Fault } from "../../fault.ts";
import { run } from "./run.ts";
import { around } from "./rows-for-tests.ts";

it("holds no AWS credentials any more when it has said what it found", async () => {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  const here = around({ folder: "/nowhere", path: "" });
  here.awsContext.set(async () => ({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "hush-hush-hush" }));
  const client = here.awsContext.provider();
  await client();
  const end: unknown = await run({ fix: false, json: true }, here).catch((reason: unknown) => reason);
  write.mockRestore();
  expect(end).toBeInstanceOf(Fault);
  expect(JSON.parse(written.join(""))).toMatchObject({ good: false });
  await expect(client()).rejects.toThrow("These credentials were cleared");
});
