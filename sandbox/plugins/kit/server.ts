/**
 * The resource provider protocol for a stand-in {@link Provider}.
 *
 * `@pulumi/pulumi/provider` serves the same protocol, but keeps from a provider what these need: the configuration
 * (its `configure` drops it), the preview of an update, detailed differences and `ignoreChanges`.
 *
 * Secrets: like the bridged providers these do not ask for marked secrets. The engine then sends plain values and
 * marks every output whose argument of the same name was secret.
 */
import grpc from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Connections } from "./engine.ts";
import { check, diff, inputsOf, preview, sealed } from "./lifecycle.ts";
import { deletesFirst } from "./replacement.ts";
import { read, write, writeDiff, writeFailures } from "./messages.ts";
import type { CallContext, Provider, ResourceType } from "./resource.ts";
import { unary, type Call } from "./unary.ts";
import type { Props } from "./values.ts";

/**
 * Serves `provider` to any number of engines until the process ends.
 *
 * @returns the port on 127.0.0.1, for `PULUMI_DEBUG_PROVIDERS=name:port`
 */
export function serve<Session>(provider: Provider<Session>): Promise<number> {
  const server = new grpc.Server();
  server.addService(services.ResourceProviderService, handlers(provider));
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
}

function handlers<Session>(provider: Provider<Session>): grpc.UntypedServiceImplementation {
  const connections = new Connections<Session>();

  const session = async (call: Call<unknown>): Promise<Session> => {
    const configured = connections.of(call).session;
    if (!configured) throw new Error(`the ${provider.name} stand-in was called before it was configured`);
    return configured;
  };
  const typeOf = (urn: string): ResourceType<Session> => {
    const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const type = provider.resources[token];
    if (!type) throw new Error(unserved(provider, "resource type", token, Object.keys(provider.resources)));
    return type;
  };
  const context = async (call: Call<unknown>, urn: string): Promise<CallContext<Session>> => {
    const connection = connections.of(call);
    const log = (line: string): void => connection.log(urn, line);
    // A killed engine cancels nothing by a word: its calls end with its connection.
    const gone = new AbortController();
    call.on("cancelled", () => gone.abort());
    const signal = AbortSignal.any([connection.signal, gone.signal]);
    return { session: await session(call), urn, log, signal };
  };

  return {
    getPluginInfo: unary(() => new plugins.PluginInfo().setVersion(provider.version)),
    attach: unary((request: InstanceType<typeof plugins.PluginAttach>, call) => {
      connections.renew(call).attach(request.getAddress());
      return new emptyMessages.Empty();
    }),
    cancel: unary((_request, call) => {
      connections.of(call).cancel();
      return new emptyMessages.Empty();
    }),
    getSchema: unary(() => new messages.GetSchemaResponse().setSchema("{}")),

    configure: unary(async (request: InstanceType<typeof messages.ConfigureRequest>, call) => {
      const prefix = `${provider.name}:config:`;
      const given = request
        .getVariablesMap()
        .toObject()
        .map(([key, value]) => [key.replace(prefix, ""), value] as const);
      const configured = provider.configure(Object.fromEntries(given));
      connections.of(call).session = configured;
      await configured;
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    invoke: unary(async (request: InstanceType<typeof messages.InvokeRequest>, call) => {
      const token = request.getTok();
      const run = provider.functions[token];
      if (!run) throw new Error(unserved(provider, "function", token, Object.keys(provider.functions)));
      return new messages.InvokeResponse().setReturn(
        write(await run(await session(call), read(request.getArgs()))),
      );
    }),

    check: unary((request: InstanceType<typeof messages.CheckRequest>) => {
      const [name, type] = [nameOf(request.getUrn()), typeOf(request.getUrn())];
      const { inputs, failures } = check(type, name, read(request.getOlds()), read(request.getNews()));
      return new messages.CheckResponse().setInputs(write(inputs)).setFailuresList(writeFailures(failures));
    }),
    diff: unary(async (request: InstanceType<typeof messages.DiffRequest>, call) => {
      const [type, olds, news] = [typeOf(request.getUrn()), read(request.getOlds()), read(request.getNews())];
      const changes = diff(type, await session(call), olds, news, request.getIgnorechangesList());
      return writeDiff(changes, deletesFirst(type, nameOf(request.getUrn()), news));
    }),
    create: unary(async (request: InstanceType<typeof messages.CreateRequest>, call) => {
      const [type, inputs] = [typeOf(request.getUrn()), read(request.getProperties())];
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        return response.setProperties(
          write(sealed(type, preview(type, await session(call), undefined, inputs))),
        );
      }
      const { id, outs } = await type.create(await context(call, request.getUrn()), inputs);
      return response.setId(id).setProperties(write(sealed(type, outs)));
    }),
    update: unary(async (request: InstanceType<typeof messages.UpdateRequest>, call) => {
      const [type, olds, news] = [typeOf(request.getUrn()), read(request.getOlds()), read(request.getNews())];
      const outs = request.getPreview()
        ? preview(type, await session(call), olds, news)
        : await type.update(await context(call, request.getUrn()), request.getId(), olds, news);
      return new messages.UpdateResponse().setProperties(write(sealed(type, outs)));
    }),
    read: unary(async (request: InstanceType<typeof messages.ReadRequest>, call) => {
      const [type, known] = [typeOf(request.getUrn()), read(request.getProperties())];
      const outs = await type.read(await context(call, request.getUrn()), request.getId(), known);
      const response = new messages.ReadResponse();
      // An empty id tells the engine that there is no such resource.
      if (!outs) return response;
      const inputs: Props = inputsOf(type, outs, read(request.getInputs()));
      return response
        .setId(request.getId())
        .setProperties(write(sealed(type, outs)))
        .setInputs(write(inputs));
    }),
    delete: unary(async (request: InstanceType<typeof messages.DeleteRequest>, call) => {
      const olds = read(request.getProperties());
      await typeOf(request.getUrn()).delete(await context(call, request.getUrn()), request.getId(), olds);
      return new emptyMessages.Empty();
    }),
  };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) as string;
}

function unserved<S>(provider: Provider<S>, kind: string, token: string, known: string[]): string {
  return (
    `the ${provider.name} plugin of the sandbox is a stand-in without the ${kind} ${token}: ` +
    `it has ${known.join(", ")}. Use the real plugin: npm run sandbox -- --real`
  );
}
