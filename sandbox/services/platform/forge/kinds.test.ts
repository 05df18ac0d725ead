import { DescribeComputeEnvironmentsCommand } from "@aws-sdk/client-batch";
import { DescribeImagesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ForgeConfig } from "../bodies.ts";
import { consistsOf } from "./left-for-tests.ts";
import { startForgeWorld, type ForgeWorld } from "./world-for-tests.ts";

// A tenth of it on an idle machine.
vi.setConfig({ testTimeout: 60_000 });

let world: ForgeWorld;
beforeAll(async () => void (world = await startForgeWorld()), 180_000);
afterAll(() => world.close());
const computeResources = async (id: string, part: "head" | "work") => {
  const ask = new DescribeComputeEnvironmentsCommand({ computeEnvironments: [`TowerForge-${id}-${part}`] });
  const [environment] = (await world.admin.batch.send(ask)).computeEnvironments ?? [];
  return environment?.computeResources;
};

interface Kind {
  kind: string;
  forge: Partial<ForgeConfig>;
  has: string[];
  work: object;
  head: object;
  image: RegExp;
}

const KINDS: Kind[] = [
  {
    kind: "CPU on Spot",
    forge: {},
    has: ["FleetRole"],
    work: { type: "SPOT", maxvCpus: 100, instanceTypes: ["c6id", "m6id"] },
    head: { type: "EC2" },
    image: /^al2023-ami-ecs-hvm-.*x86_64/,
  },
  {
    kind: "ARM",
    forge: { arm64Enabled: true, instanceTypes: ["c6gd", "m6gd.large", "c6id"] },
    has: ["FleetRole"],
    work: { type: "SPOT", instanceTypes: ["c6gd", "m6gd.large"] },
    head: { type: "EC2", instanceTypes: ["c6gd", "m6gd.large"] },
    image: /^al2023-ami-ecs-hvm-.*arm64/,
  },
  {
    kind: "GPU",
    forge: { gpuEnabled: true, instanceTypes: ["g5", "c6id"] },
    has: ["FleetRole"],
    work: { type: "SPOT", ec2Configuration: [expect.objectContaining({ imageType: "ECS_AL2023_NVIDIA" })] },
    head: { type: "EC2" },
    image: /^al2023-ami-ecs-gpu-hvm-/,
  },
  {
    kind: "Fargate head",
    forge: { fargateHeadEnabled: true },
    has: ["FleetRole", "FargateRole"],
    work: { type: "SPOT" },
    head: { type: "FARGATE", maxvCpus: 100 },
    image: /x86_64/,
  },
  {
    kind: "on demand, with machines that stay",
    forge: { type: "EC2", minCpus: 4, instanceTypes: [] },
    has: [],
    work: { type: "EC2", minvCpus: 4, instanceTypes: ["optimal"] },
    head: { type: "EC2", minvCpus: 0 },
    image: /x86_64/,
  },
  {
    kind: "EFS",
    forge: { type: "EC2", efsCreate: true },
    has: ["file system"],
    work: { type: "EC2" },
    head: { type: "EC2" },
    image: /x86_64/,
  },
  {
    kind: "FSx for Lustre",
    forge: { type: "EC2", fsxSize: 1200 },
    has: ["Lustre"],
    work: { type: "EC2" },
    head: { type: "EC2" },
    image: /x86_64/,
  },
];

describe.each(KINDS)("a compute environment: $kind", ({ forge, has, work, head, image }) => {
  it("is made in AWS, described with what was made, and disposed of without a trace", async () => {
    const id = await world.add(forge);
    const { config } = await world.until(id, "AVAILABLE");
    const left = await world.left();
    expect(left.filter((name) => !name.startsWith("machine"))).toEqual(consistsOf(id, ...has));
    expect(left.some((name) => name.startsWith("machine"))).toBe((forge.minCpus ?? 0) > 0);

    const [made, headMade] = [await computeResources(id, "work"), await computeResources(id, "head")];
    expect(made).toMatchObject(work);
    expect(made?.subnets).toHaveLength(3);
    expect(headMade).toMatchObject(head);
    const imageId = made?.ec2Configuration?.[0]?.imageIdOverride ?? "";
    const { Images } = await world.admin.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    expect(Images?.[0]?.Name).toMatch(image);

    expect(config).toMatchObject({
      headQueue: `TowerForge-${id}-head`,
      computeQueue: `TowerForge-${id}-work`,
    });
    const resources = config.forgedResources?.flatMap((each) => Object.keys(each));
    expect(resources?.filter((kind) => kind === "IamRole")).toHaveLength(
      3 + has.filter((name) => name.endsWith("Role")).length,
    );
    expect(resources?.includes("EfsFileSystem")).toBe(has.includes("file system"));
    expect(resources?.includes("FsxFileSystem")).toBe(has.includes("Lustre"));

    await world.dispose(id);
    expect(await world.left()).toEqual([]);
  });
});
