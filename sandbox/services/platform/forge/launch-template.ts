/** What the machines boot with: their disks, and the settings that ECS and Nextflow's file systems need. */
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  GetEbsEncryptionByDefaultCommand,
  type LaunchTemplate,
} from "@aws-sdk/client-ec2";
import { unlessMissing } from "./answers.ts";
import type { Job } from "./job.ts";
import type { Machines } from "./machines.ts";

/** A template at its version. */
export interface MadeTemplate {
  id: string;
  version: string;
}

const MISSING = ["InvalidLaunchTemplateName.NotFoundException", "InvalidLaunchTemplateId.NotFound"];
const DISK = { boot: 50, scratch: 50, device: "/dev/xvdc" };

/** Without tags: they would take a right (ec2:CreateTags) that Seqera's policies do not have. */
export async function makeTemplate(job: Job, { image }: Machines): Promise<MadeTemplate> {
  const { ec2, forge, names } = job;
  const { EbsEncryptionByDefault } = await ec2.send(new GetEbsEncryptionByDefaultCommand({}));
  const Encrypted = EbsEncryptionByDefault === true ? undefined : true;
  const disk = (DeviceName: string, VolumeSize: number) => {
    return {
      DeviceName,
      Ebs: { VolumeSize, VolumeType: "gp3", DeleteOnTermination: true, Encrypted } as const,
    };
  };
  const scratch = forge.ebsAutoScale === true ? [disk(DISK.device, forge.ebsBlockSize ?? DISK.scratch)] : [];
  const data = {
    KeyName: forge.ec2KeyPair,
    UserData: Buffer.from(userData(job)).toString("base64"),
    BlockDeviceMappings: [disk(image.rootDevice, forge.ebsBootSize ?? DISK.boot), ...scratch],
  };
  const create = new CreateLaunchTemplateCommand({
    LaunchTemplateName: names.prefix,
    LaunchTemplateData: data,
  });
  const there = await findTemplate(job);
  const { LaunchTemplateId: id = "" } = there ?? (await ec2.send(create)).LaunchTemplate ?? {};
  const { LaunchTemplateVersions: [latest] = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ["$Latest"] }),
  );
  return { id, version: String(latest?.VersionNumber) };
}

/** Removes it by its id; moto answers an unknown name with another error than AWS. */
export async function removeTemplate(job: Job): Promise<void> {
  const there = await findTemplate(job);
  if (there === undefined) return;
  const remove = new DeleteLaunchTemplateCommand({ LaunchTemplateId: there.LaunchTemplateId });
  await unlessMissing(MISSING, job.ec2.send(remove));
}

async function findTemplate({ ec2, names }: Job): Promise<LaunchTemplate | undefined> {
  const ask = new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [names.prefix] });
  return (await unlessMissing(MISSING, ec2.send(ask)))?.LaunchTemplates?.[0];
}

/** The real ones install agents and Fusion; their text is Seqera's own, and nothing boots here. */
function userData({ forge }: Job): string {
  const config = forge.ecsConfig ?? "ECS_IMAGE_PULL_BEHAVIOR=once";
  return [
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="forge"',
    "",
    "--forge",
    'Content-Type: text/cloud-config; charset="us-ascii"',
    "",
    "write_files:",
    "- path: /etc/ecs/ecs.config",
    "  append: true",
    "  content: |",
    ...config.split("\n").map((line) => `    ${line}`),
    "--forge--",
    "",
  ].join("\n");
}
