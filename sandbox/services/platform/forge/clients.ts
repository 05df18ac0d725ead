/** The SDK clients Forge works with: AWS's own retries, an end to every wait, and nothing asked once the work is off. */
import { BatchClient } from "@aws-sdk/client-batch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { FSxClient } from "@aws-sdk/client-fsx";
import { IAMClient } from "@aws-sdk/client-iam";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Session } from "../session.ts";

/** One of each service, all with one key, in one region. */
export interface Clients {
  batch: BatchClient;
  ec2: EC2Client;
  efs: EFSClient;
  fsx: FSxClient;
  iam: IAMClient;
  ssm: SSMClient;
}

/** How the clients are made. */
export interface ClientSettings {
  session: Session;
  region: string;
  /** Once it is aborted, no client sends anything. */
  signal: AbortSignal;
}

/** Longer than a probe waits: nobody waits for Forge, and a machine with much to do has moto answer late. */
const ANSWER_WITHIN_MILLISECONDS = 30_000;

/** What the middleware stacks of all clients have in common; each is typed for its own service. */
interface AnyStack {
  add(
    middleware: (next: (args: unknown) => unknown) => (args: unknown) => unknown,
    options: { step: "finalizeRequest"; name: string },
  ): void;
}

/** Makes them; close them when the work is done. */
export function makeClients({ session, region, signal }: ClientSettings): Clients {
  const requestHandler = { requestTimeout: ANSWER_WITHIN_MILLISECONDS, throwOnRequestTimeout: true };
  const settings = { ...session, region, requestHandler };
  const clients = {
    batch: new BatchClient(settings),
    ec2: new EC2Client(settings),
    efs: new EFSClient(settings),
    fsx: new FSxClient(settings),
    iam: new IAMClient(settings),
    ssm: new SSMClient(settings),
  };
  for (const { middlewareStack } of Object.values(clients)) {
    (middlewareStack as unknown as AnyStack).add(
      (next) => (args) => {
        signal.throwIfAborted();
        return next(args);
      },
      { step: "finalizeRequest", name: "endsWithTheWork" },
    );
  }
  return clients;
}

/** Ends their connections. */
export function closeClients(clients: Clients): void {
  for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
}
