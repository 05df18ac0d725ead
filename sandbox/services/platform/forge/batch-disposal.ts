/** Taking Batch's own away: what is enabled, or has a queue in front of it, AWS does not delete. */
import {
  DeleteComputeEnvironmentCommand,
  DeleteJobQueueCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from "@aws-sdk/client-batch";
import { together, until } from "./answers.ts";
import { type Described, describeEnvironment, describeQueue } from "./batch.ts";
import type { Job } from "./job.ts";
import type { Part } from "./names.ts";

/** Removes what there is of both parts, side by side, and waits until it is gone. */
export async function removeBatch(job: Job): Promise<void> {
  await together([removePart(job, "head"), removePart(job, "work")]);
}

async function removePart(job: Job, part: Part): Promise<void> {
  const { batch } = job;
  const name = job.names.batch(part);
  const queue = { jobQueue: name };
  const environment = { computeEnvironment: name };
  await removeOne(name, {
    describe: () => describeQueue(job, name),
    disable: () => batch.send(new UpdateJobQueueCommand({ ...queue, state: "DISABLED" })),
    remove: () => batch.send(new DeleteJobQueueCommand(queue)),
  });
  await removeOne(name, {
    describe: () => describeEnvironment(job, name),
    disable: () => batch.send(new UpdateComputeEnvironmentCommand({ ...environment, state: "DISABLED" })),
    remove: () => batch.send(new DeleteComputeEnvironmentCommand(environment)),
  });
}

interface Removable {
  describe: () => Promise<Described | undefined>;
  disable: () => Promise<unknown>;
  remove: () => Promise<unknown>;
}

async function removeOne(name: string, { describe, disable, remove }: Removable): Promise<void> {
  if ((await describe()) === undefined) return;
  await disable();
  // UPDATING at first, and while it lasts there is no deleting; INVALID ones are deleted as they are.
  await until(`${name} is not disabled`, async () =>
    (await describe())?.status === "UPDATING" ? undefined : "disabled",
  );
  await remove();
  await until(`${name} is not deleted`, async () => ((await describe()) === undefined ? "gone" : undefined));
}
