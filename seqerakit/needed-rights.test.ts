import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neededRights, type RightsArgs } from "./needed-rights.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "needed-rights-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const ROLE = "arn:aws:iam::123456789012:role";

/** Files of one compute environment each. */
function written(files: Record<string, object>): string[] {
  return Object.entries(files).map(([key, more]) => {
    const config = { discriminator: "aws-batch", region: "eu-west-1", workDir: "s3://lab/x", ...more };
    writeFileSync(join(folder, `${key}.json`), JSON.stringify(config));
    writeFileSync(
      join(folder, `${key}.yml`),
      `compute-envs:
  - name: ${key}
    workspace: $TOWER_ORGANIZATION/$TOWER_WORKSPACE
    credentials: $TOWER_CREDENTIALS
    file-path: ./${key}.json
    on_exists: ignore
`,
    );
    return join(folder, `${key}.yml`);
  });
}

function needed(files: Record<string, object>, changes: Partial<RightsArgs> = {}) {
  return neededRights({
    ...{ computeEnvironments: written(files), region: "eu-west-1", bucket: "lab" },
    ...{ efsRights: "auto", fsxRights: "auto", ...changes },
  });
}

function complaint(files: Record<string, object>, changes: Partial<RightsArgs> = {}): string {
  try {
    needed(files, changes);
  } catch (reason) {
    expect(pulumi.RunError.isInstance(reason)).toBe(true);
    return (reason as Error).message;
  }
  throw new Error("the files were accepted");
}

describe("what the files need", () => {
  it("is nothing but Batch's own log group where they name nothing", () => {
    expect(needed({ cpu: { forge: { efsCreate: false } } })).toEqual({
      ...{ efsRights: false, fsxRights: false, namedRoles: [] },
      logGroups: ["/aws/batch/job"],
    });
  });

  it("is a file system where one of them has it made", () => {
    const files = { cpu: { forge: { efsCreate: true } }, gpu: { forge: { fsxSize: 1200 } } };
    expect(needed(files)).toMatchObject({ efsRights: true, fsxRights: true });
  });

  it("is no file system where one that exists is only mounted", () => {
    const files = { cpu: { forge: { efsId: "fs-1" } }, gpu: { forge: { fsxName: "fs-2", fsxSize: 0 } } };
    expect(needed(files)).toMatchObject({ efsRights: false, fsxRights: false });
  });

  it("is every log group and role that is named, once", () => {
    expect(
      needed({
        a: { logGroup: "/lab/runs", headJobRole: `${ROLE}/head`, computeJobRole: `${ROLE}/jobs` },
        b: { logGroup: "/lab/runs", executionRole: `${ROLE}/lab/execution`, headJobRole: `${ROLE}/head` },
        c: { logGroup: null, headJobRole: "" },
      }),
    ).toMatchObject({
      logGroups: ["/aws/batch/job", "/lab/runs"],
      namedRoles: [`${ROLE}/head`, `${ROLE}/jobs`, `${ROLE}/lab/execution`],
    });
  });

  it("yields to a switch that is on", () => {
    expect(needed({ cpu: {} }, { efsRights: true, fsxRights: true })).toMatchObject({
      ...{ efsRights: true, fsxRights: true },
    });
  });
});

describe("is refused with its whole text", () => {
  it("a file system that the key may not make", () => {
    const files = { cpu: { forge: { efsCreate: true } }, gpu: { forge: { efsCreate: true } } };
    expect(complaint(files, { efsRights: false }))
      .toBe(`A compute environment is to have an EFS file system made, and the key may not make one.
  got:     AWSMegatests:efsRights false, and efsCreate in cpu.json, gpu.json
  allowed: efsRights auto or true, or no efsCreate in the files
  mend:    pulumi config set AWSMegatests:efsRights auto`);
    expect(complaint({ cpu: { forge: { fsxSize: 1200 } } }, { fsxRights: false }))
      .toBe(`A compute environment is to have an FSx file system made, and the key may not make one.
  got:     AWSMegatests:fsxRights false, and fsxSize in cpu.json
  allowed: fsxRights auto or true, or no fsxSize in the files
  mend:    pulumi config set AWSMegatests:fsxRights auto`);
  });

  it("a role that is none", () => {
    expect(complaint({ cpu: { headJobRole: "nextflow-head" } }))
      .toBe(`A compute environment's file does not say what the key must be allowed.
  file:    cpu.json
  got:     nextflow-head
  allowed: the ARN of a role, e.g. arn:aws:iam::123456789012:role/nextflow-head
  mend:    edit the file`);
  });

  it("a log group that would widen the right to read logs", () => {
    expect(complaint({ cpu: { logGroup: "/aws/*" } }))
      .toBe(`A compute environment's file does not say what the key must be allowed.
  file:    cpu.json
  got:     ✖ Invalid string: must match pattern /^[\\w./#-]{1,512}$/   → at logGroup
  allowed: values as Seqera's API has them
  mend:    edit the file`);
  });
});
