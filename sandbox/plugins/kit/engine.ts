/** What a plugin remembers of each engine that is attached to it, and its way to speak to that engine. */
import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";

/**
 * One engine's connection. An engine opens one for each provider resource and configures it once, so that one plugin
 * process serves several providers of its kind, and several engines, with different credentials.
 */
export class Connection<Session> {
  /** Settled once the engine has configured the provider. */
  session: Promise<Session> | undefined;
  #abort = new AbortController();
  #client: InstanceType<typeof engineServices.EngineClient> | undefined;

  /** @param address where the engine listens for messages of plugins */
  attach(address: string): void {
    this.#client?.close();
    this.#client = new engineServices.EngineClient(address, grpc.credentials.createInsecure());
  }

  /** Aborts what is running now; what starts later is not affected. */
  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** Aborted by the next {@link cancel}. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Shows a passing line beside a resource; lost when the engine is gone, as with the real plugins. */
  log(urn: string, message: string): void {
    const request = new engineMessages.LogRequest();
    request.setSeverity(engineMessages.LogSeverity.INFO).setUrn(urn).setMessage(message).setEphemeral(true);
    this.#client?.log(request, () => undefined);
  }
}

/** The connections of one plugin process, by the engine's end of each. */
export class Connections<Session> {
  #byPeer = new Map<string, Connection<Session>>();

  /** @returns the connection a call came in on */
  of(call: { getPeer(): string }): Connection<Session> {
    const peer = call.getPeer();
    const connection = this.#byPeer.get(peer) ?? new Connection<Session>();
    this.#byPeer.set(peer, connection);
    return connection;
  }

  /** Forgets what an earlier engine, whose port this one got, had told. */
  renew(call: { getPeer(): string }): Connection<Session> {
    this.#byPeer.delete(call.getPeer());
    return this.of(call);
  }
}
