import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { expect, it } from "vitest";
import { STACK } from "../../sandbox/world.ts";
import { findSecrets } from "../canary/detector.ts";
import { searchFolder } from "../canary/files.ts";
import { leftBehind, type E2eWorld } from "./world.ts";

/** No secret, but found where a secret would be found: a search that misses it would miss a secret too. */
const PUBLIC = { "user name": "TowerForge-AWSMegatests" };

/** Adds to what was printed: the state and the outputs, as anybody gets them who may read the stack. */
export async function printStack({ world, printed }: E2eWorld): Promise<void> {
  for (const args of [["export"], ["output", "--json"], ["history", "--json"]]) {
    const { stdout, stderr } = await execa("pulumi", ["stack", ...args, "--stack", STACK], {
      cwd: world.project,
    });
    printed.push(stdout, stderr);
    if (args[0] !== "history") expect(findSecrets(stdout, PUBLIC)).toHaveLength(1);
  }
}

/** After all these deployments, good and bad: where others can look, there is no secret. */
export function traces(here: () => E2eWorld): void {
  it("is no secret in anything that was printed", () => {
    const { printed, secrets } = here();
    // The world's own five, and the keys of at least five rotations.
    expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(10);
    expect(findSecrets(printed.join("\n"), secrets)).toEqual([]);
  });

  it("is no secret in the arguments of any process", async () => {
    const { argv, secrets } = here();
    const seen = await argv.end();
    const with_ = (...words: string[]) => seen.filter((line) => words.every((word) => line.includes(word)));
    expect(with_("tw", "credentials", "update", "aws", "-s @")).not.toEqual([]);
    expect(with_("tw", "compute-envs", "delete")).not.toEqual([]);
    expect(with_("seqerakit", "credentials.yml")).not.toEqual([]);
    expect(with_("seqerakit", "compute-env.yml")).not.toEqual([]);
    expect(with_("pulumi up")).not.toEqual([]);
    expect(findSecrets(seen.join("\n"), secrets)).toEqual([]);
  });

  it("is no secret in any file but the passphrase's own, which is its owner's", async () => {
    const { world, secrets } = here();
    const passphrase = await readFile(world.passphrase, "utf8");
    const found = await searchFolder(world.folder, { ...secrets, passphrase });
    expect(found).toEqual([
      {
        file: "passphrase",
        mode: "600",
        secret: "passphrase",
        forms: expect.arrayContaining(["clear"]) as unknown,
      },
    ]);
    const files = (await searchFolder(world.folder, PUBLIC)).map(({ file }) => file);
    expect(files).toContainEqual(expect.stringMatching(/^state\/\.pulumi\/history\/.*\.checkpoint\.json$/));
    expect(files).toContainEqual(expect.stringMatching(/^project\/Pulumi\.sandbox\.yaml$/));
  });

  it("is no temporary file", async () => {
    expect(await leftBehind(here())).toEqual([]);
  });
}
